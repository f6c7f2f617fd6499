-- v11 -> v12: one index of the outbox less

-- The sender knows when it tries again; nothing else asks what is due next
-- while much is owed.
DROP INDEX outbox_due;
