from tests.ledger.loops import case_report

__all__ = ["case_report"]
