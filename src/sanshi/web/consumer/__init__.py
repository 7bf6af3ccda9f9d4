"""Consumer pages 消费者页面: from choosing a plan to the last instalment, for a phone first."""
