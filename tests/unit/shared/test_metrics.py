"""What is counted of requests: a bounded number of series, whatever clients send."""

from tests.support.service import ServiceUnderTest


def test_made_up_methods_and_paths_are_one_series(under_test: ServiceUnderTest) -> None:
    def series() -> list[str]:
        told = under_test.call("GET", "/metrics").get_data(as_text=True)
        return [line for line in told.splitlines() if 'service="sample"' in line]

    under_test.call("BREW0", "/api/sample/open")
    under_test.call("BREW0", "/brew/0")
    series()
    before = len(series())
    for number in range(1, 5):
        assert under_test.call(f"BREW{number}", "/api/sample/open").status_code == 405
        assert under_test.call(f"BREW{number}", f"/brew/{number}").status_code == 404
    assert len(series()) == before
