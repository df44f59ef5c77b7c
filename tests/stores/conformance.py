"""Which test shows what of which store: the cells of the conformance table.

A cell is the tests of a case in the class of a kind, unless `ELSEWHERE` names
others; `WITHOUT` says why there are none. What each store does below the whole
service is in `STORY`.
"""

# {case: methods of the suite}; what each store does in addition is no case.
CASES = {
    'known and unknown size': ['test_size_known_and_unknown'],
    'no bytes': ['test_no_bytes'],
    'one byte': ['test_one_byte'],
    'around a part': ['test_sizes_around_that_of_a_part'],
    '5 GiB': [],
    'ranges': ['test_a_range_is_what_was_asked_for',
               'test_two_readers_of_one_image'],
    'size': ['test_round_trip', 'test_nothing_there'],
    'delete': ['test_discard_leaves_nothing', 'test_metadata_names_the_store'],
    'delete again': ['test_delete_twice'],
    'in use': [],
    'copy': ['test_a_clone_does_not_need_its_original',
             'test_a_copy_belongs_to_the_other_store'],
    'interrupted write': ['test_failing_source', 'test_killed_writer'],
    'concurrent, same image': ['test_attempts_do_not_meet',
                               'test_two_attempts_at_the_same_time'],
    'wrong credentials': [],
    'gone while reading': ['test_gone_while_reading'],
    'gone while writing': ['test_gone_while_writing'],
    'slow': ['test_a_slow_link'],
    'forged location': ['test_forged_locations_lead_nowhere'],
    'trial and check': ['test_a_trial_passes_every_step',
                        'test_a_store_that_is_there_passes_its_check'],
}

_DRIVERS = 'tests.functional.store.test_drivers'
_GRIDFS = 'tests.functional.store.test_gridfs'
_SHEEPDOG = 'tests.functional.store.test_sheepdog'

# {kind: (counterpart, class)}
KINDS = {
    'file': ('a folder on ext4', _DRIVERS + '.FileTestCase'),
    'http': ('nginx', _DRIVERS + '.HttpTestCase'),
    's3': ("the S3 service of Ceph's radosgw", 'tests.stores.test_s3.S3Test'),
    'swift': ('Swift with Keystone', 'tests.stores.test_swift.SwiftTest'),
    'rbd': ('Ceph with cephx', 'tests.stores.test_rbd.RbdTest'),
    'cinder': ('Cinder with volumes in Ceph',
               'tests.stores.test_cinder.CinderTest'),
    'cinder on NFS': ("Cinder's driver for NFS, with a folder of the machine "
                      'bound to where NFS would be mounted: the kernel has '
                      'no client of NFS, and takes no modules',
                      'tests.stores.test_cinder.NfsTest'),
    'vmware': ('a simulator of vCenter, from govmomi',
               'tests.stores.test_vmware.VMwareTest'),
    'gridfs': ("a stand-in of ours for MongoDB, below MongoDB's own client",
               _GRIDFS + '.GridfsTest'),
    'sheepdog': ('a stand-in of ours for the program dog',
                 _SHEEPDOG + '.SheepdogTestCase'),
}

_COMES = 'test_data_comes_and_goes'

# {step: the test that takes it}
STORY = {
    'upload': _COMES,
    'download': _COMES,
    'download a range': _COMES,
    'import': 'test_staged_data_is_imported',
    'copy to files': _COMES,
    'copy from files': _COMES,
    'delete from this store': _COMES,
    'delete': _COMES,
    'audit and heal': 'test_damaged_data_is_healed',
}
# {kind: how its class begins}; the others take no data.
STORIES = {'file': 'File', 's3': 'S3', 'swift': 'Swift', 'rbd': 'Rbd',
           'cinder': 'Cinder', 'vmware': 'VMware', 'gridfs': 'Gridfs',
           'sheepdog': 'Sheepdog'}

_S3, _SWIFT, _GRIDFS_LINK, _VMWARE = (
    'tests.stores.test_faults.%sLinksTest.' % kind
    for kind in ('S3', 'Swift', 'Gridfs', 'VMware'))
_CINDER = 'tests.stores.test_cinder.LinksTest.'
_LARGE = 'tests.stores.test_large.%sLargeTest.test_comes_back_whole'
_WRONG = 'tests.stores.test_faults.CredentialsTest.test_wrong_for_'
_SILENT = 'tests.stores.test_silence.SilenceTest.test_'
_GONE = 'tests.functional.store.test_gridfs_faults.GoneTest.test_'


def _of_volumes(kind):
    """:returns: {case: tests} of what one class shows of a kind of volumes"""
    one = KINDS[kind][1] + '.test_'
    return dict(dict.fromkeys(
        ('known and unknown size', 'ranges', 'size', 'delete',
         'delete again', 'copy'), [one + 'whole_life']), **{
        'in use': [one + 'others_stay_attached'],
        'interrupted write': [one + 'failing_source', one + 'killed_writer']})


# {kind: {case: tests}}
ELSEWHERE = {
    'file': {
        '5 GiB': [_LARGE % 'File'],
        'interrupted write': [
            KINDS['file'][1] + '.test_failing_source',
            'tests.functional.store.test_killed_writer.KilledWriterTestCase'
            '.test_killed_at_any_time'],
        'copy': ['tests.functional.imports.test_tasks.TestTasks'
                 '.test_clone_within_a_store'],
        'gone while writing': [
            'tests.unit.store.drivers.file.test_filesystem.FilesystemTestCase'
            '.test_failing_disk_leaves_nothing_and_tells_no_path'],
        'gone while reading': [
            'tests.functional.store.test_transfers.DownloadTestCase'
            '.test_file_that_shrinks_cuts_the_connection'],
    },
    'http': {
        'wrong credentials': [KINDS['http'][1]
                              + '.test_failures_tell_nothing'],
        'gone while reading': [KINDS['http'][1]
                               + '.test_cut_off_by_the_remote_server'],
        'slow': ['tests.unit.common.test_fetching.TestPace'
                 '.test_long_silences'],
    },
    's3': {
        '5 GiB': [_LARGE % 'S3'],
        'wrong credentials': [_WRONG + 's3'],
        'gone while reading': [_S3 + 'test_gone_while_reading'],
        'gone while writing': [_S3 + 'test_gone_while_writing'],
        'slow': [_S3 + 'test_a_slow_link'],
    },
    'swift': {
        '5 GiB': [_LARGE % 'Swift'],
        'wrong credentials': [_WRONG + 'swift'],
        'gone while reading': [_SWIFT + 'test_gone_while_reading'],
        'gone while writing': [_SWIFT + 'test_gone_while_writing'],
        'slow': [_SWIFT + 'test_a_slow_link'],
    },
    'rbd': {
        '5 GiB': [_LARGE % 'Rbd'],
        'slow': [_SILENT + 'slow_disks_of_ceph'],
        'in use': ['tests.stores.test_in_use.CheckTest'
                   '.test_an_image_stays_while_it_has_clones'],
        'wrong credentials': [_WRONG + 'rbd'],
        'gone while reading': [_SILENT + 'frozen_disks_of_ceph'],
        'gone while writing': [_SILENT + 'frozen_disks_of_ceph'],
    },
    'vmware': {
        'wrong credentials': [_WRONG + 'vmware'],
        'gone while reading': [_VMWARE + 'test_gone_while_reading',
                               _SILENT + 'a_frozen_vcenter'],
        'gone while writing': [_VMWARE + 'test_gone_while_writing',
                               _SILENT + 'a_frozen_vcenter'],
        'slow': [_VMWARE + 'test_a_slow_link'],
    },
    'cinder': dict(_of_volumes('cinder'), **{
        'wrong credentials': [_WRONG + 'cinder'],
        'gone while reading': [_CINDER + 'test_gone_while_reading'],
        'gone while writing': [_CINDER + 'test_gone_while_writing'],
        'slow': [_CINDER + 'test_a_slow_link'],
    }),
    'cinder on NFS': _of_volumes('cinder on NFS'),
    'gridfs': {
        'interrupted write': [
            'tests.functional.store.test_gridfs_faults.KilledWriterTest.'
            'test_in_the_midst', KINDS['gridfs'][1] + '.test_failing_source'],
        'copy': [KINDS['gridfs'][1] + '.test_copies_are_read_and_written'],
        'wrong credentials': [
            'tests.functional.store.test_gridfs_faults.SecretsTest'
            '.test_credentials_that_are_wrong'],
        'gone while reading': [_GONE + 'gone_while_reading',
                               _GONE + 'silence_fails_a_read_under_way'],
        'gone while writing': [_GONE + 'gone_while_writing',
                               _GONE + 'silent_while_writing'],
        'slow': [_GRIDFS_LINK + 'test_a_slow_link'],
    },
    'sheepdog': {
        'in use': [_SHEEPDOG + '.WriteTestCase.test_in_use'],
        'interrupted write': [
            _SHEEPDOG + '.LeftoversTestCase.test_killed_writer',
            KINDS['sheepdog'][1] + '.test_failing_source'],
        'gone while reading': [
            _SHEEPDOG + '.WriteTestCase'
            '.test_a_cluster_that_is_away_is_unavailable'],
        'gone while writing': [_SHEEPDOG + '.RunTestCase.test_takes_no_data'],
        'slow': [_SHEEPDOG + '.RunTestCase.test_stands_still'],
    },
}

_READS = 'it takes no data'
_NOBODY = 'nothing else ever needs the data of an image'
_VOLUME = 'a volume has whole GiB, whatever the data'
_SAME = 'Cinder is asked in the same way, wherever it has the data'

# {kind: {case: why there is nothing to show}}
WITHOUT = {
    'file': {
        'in use': _NOBODY, 'wrong credentials': 'it has none',
        'slow': 'the kernel waits, in a thread of its own, for as long as the '
                'file system is mounted to wait',
    },
    'http': dict({case: _READS for case in (
        'known and unknown size', 'no bytes', 'one byte', 'around a part',
        'delete', 'delete again', 'in use', 'copy', 'interrupted write',
        'concurrent, same image', 'gone while writing')}, **{
            'forged location': 'each URL of a web server may be one; its '
                               'address decides whether it is read'}),
    's3': {'in use': _NOBODY},
    'swift': {'in use': _NOBODY},
    'vmware': {'in use': _NOBODY},
    'gridfs': {'in use': _NOBODY},
    'cinder': {'around a part': _VOLUME},
    'cinder on NFS': dict({case: _SAME for case in (
        'wrong credentials', 'gone while reading', 'gone while writing',
        'slow')}, **{'around a part': _VOLUME}),
    'sheepdog': {
        'copy': 'it copies nothing by itself',
        'wrong credentials': 'it has none',
    },
}
for _kind in KINDS:
    if _kind not in ('file', 'rbd', 's3', 'swift'):
        WITHOUT[_kind]['5 GiB'] = 'nothing here depends on so large a size'


def tests(kind, case):
    """:returns: ids of the tests that show it, all of which have to pass"""
    if case in ELSEWHERE.get(kind, {}):
        return ELSEWHERE[kind][case]
    if case in WITHOUT.get(kind, {}):
        return []
    return ['%s.%s' % (KINDS[kind][1], name) for name in CASES[case]]


def story(kind, step):
    """:returns: id of the test that shows a step of the story of a kind"""
    return 'tests.stores.test_stories.%sStoryTest.%s' % (
        STORIES[kind], STORY[step])
