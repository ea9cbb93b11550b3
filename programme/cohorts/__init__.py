"""Programmes, terms, cohorts, group sessions, enrolment and the plan."""
