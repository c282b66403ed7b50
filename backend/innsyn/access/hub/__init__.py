"""The first page of access: who may see my journal, whom I may act for, and what else there is to decide."""
