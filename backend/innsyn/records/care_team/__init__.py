"""Those who follow up together."""
