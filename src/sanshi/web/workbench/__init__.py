"""The workbench: pages of a lender's staff, 1440 px first, dense and calm."""
