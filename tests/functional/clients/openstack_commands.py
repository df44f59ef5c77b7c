"""Every `openstack image` and `openstack cached image` command, in an order
that works: (user, command, regular expression its output must match).

Names with a dollar sign are replaced; a named group of an expression gives
a new one. Metadata definitions are in `metadef_commands`.
"""

_NEW = '--disk-format raw --container-format bare'

ROWS = (
    ('demo', 'image create --id $a %s --file $file --tag blue-tag '
             '--property p=1 openstack-1' % _NEW, 'active'),
    ('demo', 'image list', '$a'),
    ('demo', 'image show openstack-1', 'blue-tag'),
    ('demo', 'image set --name openstack-2 --property q=2 $a', ''),
    ('demo', 'image unset --tag blue-tag --property p $a', ''),
    ('demo', 'image show openstack-2', r"(?s)\A(?!.*blue-tag).*q='2'"),
    ('demo', 'image save $a', '$content'),
    ('demo', 'image save --file $copy $a', ''),
    ('demo', 'image add project $a $other', 'pending'),
    ('alt_demo', 'image set --accept $a', ''),
    ('demo', 'image member list $a', 'accepted'),
    ('demo', 'image member get $a $other', 'accepted'),
    ('demo', 'image remove project $a $other', ''),
    ('demo', 'image stores list', 'cold'),
    ('admin', 'image stores list --detail', 'data_dir'),
    ('demo', 'image import info', 'web-download'),
    ('demo', 'image create --id $b %s staged' % _NEW, 'queued'),
    ('demo', 'image stage --file $file $b', ''),
    # The option --wait of this command does not wait.
    ('demo', 'image import --store fast cold --wait $b', '$b'),
    ('demo', 'image show $b', 'active'),
    ('demo', 'image create --id $c %s from-the-web' % _NEW, 'queued'),
    ('demo', 'image import --method web-download --uri $web $c', '$c'),
    # The next import has to wait for the end of this one, and the client
    # does not tell that it was refused.
    ('demo', 'image show $c', r'(?s)\A(?!.*os_glance_import_task).*active'),
    ('admin', 'image import --method copy-image $c --store cold', '$c'),
    ('demo', 'image show $c', 'fast,cold'),
    ('demo', 'image create --id $d %s from-a-region' % _NEW, 'queued'),
    # Without the interface the client leaves out region and image.
    ('demo', 'image import --method glance-download --remote-region $region '
             '--remote-service-interface public --remote-image $a $d', '$d'),
    ('demo', 'image show $d', 'active'),
    ('admin', 'image task list', '(?P<task>[0-9a-f]{8}-[0-9a-f-]{27})'),
    ('admin', 'image task show $task', 'type *. api_image_import'),
    ('admin', 'cached image queue $a', ''),
    ('admin', 'cached image list', '$a'),
    ('admin', 'cached image delete $a', ''),
    ('admin', 'cached image clear', ''),
    ('demo', 'image delete $a $b $c $d', ''),
    ('demo', 'image list', r'(?s)\A(?!.*$a)'),
)
