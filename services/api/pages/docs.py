"""The API described for people: Swagger UI from an installed package, so that no foreign host is asked."""

from importlib.resources import files

import fastapi_offline
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

PATH = "/docs"
ASSETS = "/docs/assets"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'"
)  # the library writes styles into its elements
PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>OpenSpine API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{ASSETS}/swagger-ui.css">
<main id="api"></main>
<script src="{ASSETS}/swagger-ui-bundle.js"></script>
<script src="{PATH}/start.js"></script>
</html>
"""
START = (
    'SwaggerUIBundle({url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null, '
    "presets: [SwaggerUIBundle.presets.apis]});"
)  # without its validator, which is a foreign host


def install(app: FastAPI) -> None:
    """Serve the page under `/docs`."""
    folder = files(fastapi_offline).joinpath("static")
    app.mount(ASSETS, StaticFiles(directory=str(folder)), name="docs_assets")

    @app.get(PATH, include_in_schema=False)
    def read_docs() -> HTMLResponse:
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})

    @app.get(f"{PATH}/start.js", include_in_schema=False)
    def read_docs_start() -> Response:
        return Response(START, media_type="text/javascript")
