"""Requests to whichever API answers, again until the answer says something."""

import json
import random
import threading
import time

import requests

_AGAIN = (502, 503, 504)
PAUSE = 0.3


class GaveUp(Exception):
    """No usable answer came until the run was over."""


def never():
    """:returns: an event for those who do not give up"""
    return threading.Event()


class Caller:
    """One user.

    :param urls: of all APIs
    :param give_up: event; once it is set nothing is tried again
    """

    def __init__(self, name, project, urls, journal, give_up, seed):
        self.name, self.project = name, project
        self._urls, self._journal = list(urls), journal
        self._give_up = give_up
        self._random = random.Random(seed)
        self._local = threading.local()

    def call(self, verb, path, expected, body=None, media_type=None,
             admin=False):
        """Repeat a request until one of the expected statuses comes.

        :returns: the response; its `unsure` says whether an earlier try may
            have taken effect
        :raises GaveUp: the run is over
        """
        unsure = False
        while True:
            response = self._try(verb, path, body, media_type, admin)
            if response is not None and response.status_code in expected:
                response.unsure = unsure
                return response
            if response is not None and (
                    response.status_code not in _AGAIN):
                self._complain(verb, path, response)
            # What is answered with 503 may have happened all the same.
            unsure = True
            self._journal.count('retries')
            self.pause(path)

    def pause(self, what):
        if self._give_up.wait(PAUSE):
            raise GaveUp(what)

    def _complain(self, verb, path, response):
        self._journal.complain(self.name, '%s %s: %d %s' % (
            verb, path, response.status_code, response.text[:300]))

    def _try(self, verb, path, body, media_type, admin):
        begun = time.monotonic()
        try:
            return self._session().request(
                verb, self._random.choice(self._urls) + path, data=body,
                headers=self._headers(media_type, admin), timeout=(3, 60))
        except requests.RequestException as error:
            self._journal.note(
                self.name, 'no answer', verb=verb, path=path,
                error=type(error).__name__,
                seconds=round(time.monotonic() - begun, 2))
            return None

    def _session(self):
        if not hasattr(self._local, 'session'):
            self._local.session = requests.Session()
        return self._local.session

    def _headers(self, media_type, admin):
        roles = 'member,reader' + (',admin' if admin else '')
        headers = {'X-Identity-Status': 'Confirmed', 'X-Roles': roles,
                   'X-User-Id': self.name, 'X-Project-Id': self.project,
                   'Accept': 'application/json'}
        if media_type:
            headers['Content-Type'] = media_type
        return headers

    def json(self, verb, path, expected, body, **kwargs):
        return self.call(verb, path, expected, json.dumps(body),
                         kwargs.pop('media_type', 'application/json'),
                         **kwargs)

    def show(self, image_id, **kwargs):
        """:returns: the image, None when there is none"""
        response = self.call('GET', '/v2/images/' + image_id, (200, 404),
                             **kwargs)
        return response.json() if response.status_code == 200 else None
