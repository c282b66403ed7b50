"""PostgreSQL: compiled statements, pools, the transaction of a write."""
