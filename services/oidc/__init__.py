"""The rim towards the studio's identity provider (OpenID Connect): its pages, its keys, its ID tokens."""
