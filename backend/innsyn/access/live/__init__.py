"""An open page hears at once that its session or its access is over."""
