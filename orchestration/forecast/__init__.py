"""Marts -> forecasts of bookings, their backtests and accuracy."""
