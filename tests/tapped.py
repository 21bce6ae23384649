"""A tap on a component of ours, told to the page as a browser tells it; a test app knows no components."""

import json
from typing import Any
from uuid import uuid4

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from dashboard.components.heard import HEARD


def shown(app: AppTest, key: str) -> Any:
    """Find a component by the key that it was shown with."""
    return next(one for one in app._tree if one.type == "bidi_component" and one.key == key)


def tell(app: AppTest, key: str, told: dict[str, Any]) -> AppTest:
    """Tell what a component knows, in one message with whatever else was set or clicked since."""
    states = WidgetStates()
    states.widgets.add(id=shown(app, key).proto.id, json_value=json.dumps(told))
    states.widgets.extend(app._tree.get_widget_states().widgets)
    return app._run(states)


def tap(app: AppTest, key: str, value: str, mark: str = "") -> AppTest:
    """Tap one of the large buttons."""
    session = app.session_state[HEARD].session
    return tell(app, key, {"tapped": {"mark": f"{session} {mark or uuid4().hex}", "value": value}})
