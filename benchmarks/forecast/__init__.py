"""How good the forecasts are on public data, against simple methods and against targets."""
