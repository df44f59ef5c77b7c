"""Options of the processes and of the HTTP server, in [DEFAULT]."""

from oslo_config import cfg
from oslo_service import opts as service_opts

opts = [
    cfg.HostAddressOpt('bind_host', default='0.0.0.0',
                       help='Address glance-api listens on.'),
    cfg.PortOpt('bind_port', default=9292,
                help='Port glance-api listens on.'),
    cfg.IntOpt('backlog', default=4096, min=1,
               help='Connections the kernel keeps waiting to be accepted.'),
    cfg.IntOpt('workers', min=0, max=256,
               help='Processes that serve HTTP. Unset or 0: as many as there '
                    'are processors, at most 8; one, where the registry runs '
                    'inside of them (local://).'),
    cfg.IntOpt('max_connections', default=1000, min=1,
               help='Requests without a body that one worker process serves '
                    'at the same time, and as many with one. More of them '
                    'wait; silent connections and those that have not sent '
                    'a whole head do not count.'),
    cfg.BoolOpt('http_keepalive', default=True,
                help='Keep a connection open for further requests.'),
    cfg.IntOpt('client_socket_timeout', default=900, min=0,
               help='Seconds without progress after which the connection of '
                    'a client is closed. 0: never.'),
    cfg.IntOpt('request_head_timeout', default=30, min=1, max=3600,
               help='Seconds in which a client has to send the head of a '
                    'request, from its first byte, or from the beginning of '
                    'a new connection. Later ones are answered with 408.'),
    cfg.IntOpt('transfer_drain_timeout', default=14400, min=1,
               max=31536000,
               help='Seconds for which uploads and downloads that are under '
                    'way may go on in the workers that SIGHUP has replaced. '
                    'One without progress ends after client_socket_timeout. '
                    'When the service is stopped, graceful_shutdown_timeout '
                    'counts.'),
    cfg.IntOpt('tcp_keepidle', default=600, min=0,
               help='Seconds after which the kernel probes an idle '
                    'connection. 0: it does not.'),
    cfg.StrOpt('cert_file', sample_default='/etc/glance/server.pem',
               help='Certificate of glance-api in PEM form, followed by those '
                    'of the authorities between it and the root. Set: the '
                    'port speaks HTTPS only.'),
    cfg.StrOpt('key_file', sample_default='/etc/glance/server.key',
               help='Private key of the certificate, without a passphrase. '
                    'Unset: it is in cert_file.'),
    cfg.StrOpt('ca_file', sample_default='/etc/glance/clients.pem',
               help='Certificates of authorities. Set: clients have to '
                    'present a certificate that one of them has signed.'),
    cfg.IntOpt('max_header_line', default=16384, min=1024, max=65536,
               help='Longest line of a request header in bytes; longer ones '
                    'are answered with 431. Tokens with a large service '
                    'catalogue may need more.'),
]


def register_opts(conf):
    conf.register_opts(opts)
    service_opts.register_service_opts(conf)


def list_opts():
    return {'DEFAULT': opts}
