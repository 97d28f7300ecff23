"""Scores of open deals and leads: the chance of each, why, and how far such chances can be trusted.

Deals are scored with the hazard that the forecast is made of (`opportunities`), leads with one of
their own (`leads`); a rule stands in until there are enough outcomes (`rules`). Both are tried at
past origins (`trial`), corrected by what came (`calibration`), told in words (`reasons`), and
watched for change (`drift`). `score_deals` and `score_leads` put it together.
"""
