"""What has been sent: once, with a receipt, and readable ever after."""
