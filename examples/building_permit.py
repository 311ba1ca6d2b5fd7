"""Analyse the shipped example 'building-permit'; its figures are illustrative."""

from __future__ import annotations

import pubservice as ps

office = ps.read_example("building-permit")
print(ps.performance(office).service("building-permit"))
print(ps.find_bottlenecks(office))

findings = ps.check(office)
print(findings)
print(ps.savings(office, findings))

redundant = [finding.remedy for finding in findings if finding.remedy and finding.code[:3] in ("RED", "EVD")]
print(ps.compare(office, ps.redesign(office, redundant)))
