"""Products as clerks and clients write and read them; stock that an edit sets goes through the ledger of inventory."""
