"""Options of tasks."""

from oslo_config import cfg

group = cfg.OptGroup('task', title='Tasks')

opts = [
    cfg.IntOpt(
        'task_time_to_live', default=48, deprecated_group='DEFAULT', help="""
Hours for which a finished task is kept.
"""),
    cfg.StrOpt(
        'task_executor', default='taskflow', choices=['taskflow'],
        deprecated_for_removal=True, deprecated_since='1.0',
        deprecated_reason='Conductors run the tasks.',
        help='Accepted for existing configuration files; not used.'),
    cfg.StrOpt(
        'work_dir', sample_default='/work_dir', deprecated_for_removal=True,
        deprecated_since='1.0',
        deprecated_reason='Tasks work in the staging area.',
        help='Accepted for existing configuration files; not used.'),
]

executor_group = cfg.OptGroup('taskflow_executor', title='Running tasks')

executor_opts = [
    cfg.StrOpt(
        'engine_mode', default='parallel', choices=['serial', 'parallel'],
        help="""
Whether a conductor runs one task at a time or several.
"""),
    cfg.IntOpt(
        'max_workers', default=10, min=1, help="""
Number of tasks a conductor runs at the same time, hashing and healing of data
included.
"""),
    cfg.StrOpt(
        'conversion_format', sample_default='raw',
        choices=['qcow2', 'raw', 'vmdk'], help="""
Format to which a task of type import converts its data. Unset: as it is.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)
    conf.register_group(executor_group)
    conf.register_opts(executor_opts, group=executor_group)


def list_opts():
    return {group: opts, executor_group: executor_opts}
