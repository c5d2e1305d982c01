"""Talking to the gate's HTTP API: one attempt in, one outcome back. `GateClient` is the way in.

Owns the table of calls, the table of what each answer means, and the trust in the gate's certificate. May import
provisioning (the field table and the outcomes) and what lies below; it knows neither the journal nor the keyring,
so the request's bytes and the token are handed in. Nothing here tries twice: only work/dispatch.py does.
httpx, truststore and pydantic stay inside this package and are imported on first use, since they cost a
quarter of a second that the window's start need not wait for.
"""
