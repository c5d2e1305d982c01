"""The script that derives the operator table."""

from __future__ import annotations

from pathlib import Path

from resources.make_operators import listings, operators

PROVIDERS = """<serviceproviders format="2.0">
  <country code="de">
    <provider><name>Reseller</name><gsm><network-id mcc="262" mnc="01"/></gsm></provider>
    <provider><name>Big
      One</name><gsm><network-id mcc="262" mnc="01"/><network-id mcc="262" mnc="06"/></gsm></provider>
    <provider primary="true"><name>Owner</name><gsm><network-id mcc="262" mnc="03"/></gsm></provider>
    <provider><name>Big One</name><gsm><network-id mcc="262" mnc="03"/></gsm></provider>
  </country>
  <country code="ug">
    <provider><name>Misfiled</name><gsm><network-id mcc="262" mnc="99"/></gsm></provider>
  </country>
</serviceproviders>
"""


def test_the_network_is_preferred_to_its_resellers(tmp_path: Path) -> None:
    source = tmp_path / "providers.xml"
    source.write_text(PROVIDERS, encoding="utf-8")
    table = [(row.code, row.name, row.country) for row in operators(list(listings(source)))]
    assert table == [("26201", "Big One", "DE"), ("26203", "Owner", "DE"), ("26206", "Big One", "DE")]
