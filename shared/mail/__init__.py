"""Mail: queued with the change that causes it, sent later and until it has gone."""
