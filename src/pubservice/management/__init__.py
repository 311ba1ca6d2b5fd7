"""Promises, measurements and means side by side: what management looks at, and decides by."""
