"""From a model and targets to staff, shifts, money, promises and dates."""
