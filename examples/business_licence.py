"""Analyse the shipped example 'business-licence'; its figures are illustrative."""

from __future__ import annotations

import pubservice as ps

office = ps.read_example("business-licence")
print(ps.performance(office).service("food-licence"))
print(ps.find_bottlenecks(office))

findings = ps.check(office)
print(findings)
print(ps.savings(office, findings))

redundant = [finding.remedy for finding in findings if finding.remedy and finding.code[:3] in ("RED", "EVD")]
print(ps.compare(office, ps.redesign(office, redundant)))
