"""Which tests run on which configuration of the service and of tempest."""

import typing

from tests.fixtures.servers import keystone_accounts

_REMOTE = 'image_remote'


class Profile(typing.NamedTuple):
    """:param options: of the service, in [DEFAULT]
    :param features: of tempest, in [image-feature-enabled]
    :param tests: regular expression for their names
    :param least: how many have to pass
    """

    name: str
    options: dict
    features: dict
    tests: str
    least: int


PROFILES = {profile.name: profile for profile in (
    Profile('default', {}, {},
            r'^(tempest\.api\.image|glance_tempest_plugin)\.', 254),
    Profile('locations', {'show_multiple_locations': True},
            {'manage_locations': True},
            r'^tempest\.api\.image\..*Location', 10))}


def config(running, web, profile):
    """:returns: {group: {option: value}} of tempest.conf"""
    running.keystone.add_service('remote', _REMOTE, running.other_url,
                                 running.region)
    return {
        'service_available': dict.fromkeys(
            ('nova', 'cinder', 'neutron', 'swift'), False),
        'auth': {
            'use_dynamic_credentials': True,
            'admin_username': 'admin',
            'admin_password': keystone_accounts.password('admin'),
            'admin_project_name': 'admin',
            'admin_domain_name': 'Default', 'admin_system': True},
        'identity': {
            'auth_version': 'v3', 'uri_v3': running.keystone.url,
            'region': running.region, 'v3_endpoint_type': 'public'},
        'enforce_scope': {'glance': True},
        'image': {
            'region': running.region, 'endpoint_type': 'public',
            'http_image': web.url + 'image.raw',
            'http_qcow2_image': web.url + 'image.qcow2',
            'image_caching_enabled': True, 'build_timeout': 120,
            'alternate_image_endpoint': _REMOTE,
            'alternate_image_endpoint_type': 'public'},
        'image-feature-enabled': {
            'http_store_enabled': True, 'store_weight_enabled': True,
            **profile.features}}
