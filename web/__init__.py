"""The pages: Flask over the archive's use cases. It knows ``archive`` and nothing below it.

How a page is made:

* A module with a blueprint called ``bp`` is found by ``web.app`` by itself. Its views are *parse, call once, answer*: they
  read the request, call one use case of ``current_archive()`` with ``current_actor()``, and render or redirect (303).
* Every endpoint demands a login unless it stands in ``web.auth.OPEN_ENDPOINTS``; the use cases check the rights.
  ``tests/web/test_routes_by_role.py`` lists what each role gets from each route.
* Archive errors pass the views untouched, ``web.errors`` answers them; a view catches only what it shows inside its form.
* Templates extend ``base.html`` (or ``blank.html`` without navigation) and use ``macros/ui.html`` and ``macros/forms.html``.
* No inline script, no inline style: the content security policy refuses both. Behaviour lives in ``static/js``, one ES
  module a concern, put on a page by the ``scripts`` block; icons come from ``static/vendor/icons.svg``.
* Every text goes through Flask-Babel with an English source; ``scripts/translations`` collects and checks them.
"""
