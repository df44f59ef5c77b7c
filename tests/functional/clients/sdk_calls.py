"""Every image method of openstacksdk, with what it has to give.

It runs in the clients' environment, where nothing of this project is. The
arguments: a file, the URL of its content, the project of another user, the
content's digest. Prints the names of the methods called, as JSON.
"""

import json
import os
import sys
import uuid

import openstack

import sdk_metadefs
import sdk_records

RAW = {'disk_format': 'raw', 'container_format': 'bare'}
same = sdk_records.same


class Story:

    def __init__(self, source, url, other_project, digest):
        self.source, self.url, self.digest = source, url, digest
        self.other_project = other_project
        self.cloud = openstack.connect()
        self.image = sdk_records.Recorder(self.cloud.image)
        self.above = sdk_records.Recorder(self.cloud, 'cloud.')

    def queued(self, **values):
        return self.image.create_image(
            'n-' + uuid.uuid4().hex, id=str(uuid.uuid4()),
            allow_duplicates=True, **RAW, **values)

    def uploaded(self):
        return self.queued(filename=self.source)

    def images(self):
        made = self.uploaded()
        image = self.image.get_image(made.id)
        same(('active', self.digest), (image.status, image.hash_value))
        same(made.id, self.image.find_image(made.name).id)
        same([made.id], [i.id for i in self.image.images(name=made.name)])
        same('new', self.image.update_image(image, name='new').name)
        self.image.update_image_properties(image, meta={'p': '1'})
        same('1', self.image.get_image(made.id).properties['p'])
        with open(self.source, 'rb') as source:
            same(source.read(), self.image.download_image(
                image, store_preferences=['fast']).content)
        self.image.deactivate_image(image)
        self.image.wait_for_status(
            self.image.get_image(image), 'deactivated', interval=0.1)
        self.image.reactivate_image(image)
        self.image.add_tag(image, 't')
        self.image.add_tag(image, 'u')
        self.image.remove_tag(image, 't')
        same(['u'], self.image.get_image(image).tags)
        self.image.delete_image(image)
        self.image.wait_for_delete(image, interval=0.1, wait=30)
        same(None, self.image.find_image(made.id))

    def older_upload(self):
        with open(self.source, 'rb') as source:
            made = self.image.upload_image(data=source.read(), name='o',
                                           **RAW)
        same('active', self.image.get_image(made).status)
        self.image.delete_image(made)

    def members(self):
        image, project = self.uploaded(), self.other_project
        self.image.add_member(image, member=project)
        same(project, self.image.find_member(project, image).member_id)
        same(['pending'], [m.status for m in self.image.members(image)])
        # An administrator speaks for the member.
        self.image.update_member(project, image, status='accepted')
        same('accepted', self.image.get_member(project, image).status)
        self.image.remove_member(project, image)
        same([], list(self.image.members(image)))
        self.image.delete_image(image)

    def imports(self):
        same(True, 'web-download' in self.image.get_import_info()
             .import_methods['value'])
        same(True, {'fast', 'cold'} <= {
            store.id for store in self.image.stores(details=True)})
        image = self.queued()
        with open(self.source, 'rb') as source:
            self.image.stage_image(image, data=source.read())
        self.image.import_image(image, stores=['fast', 'cold'])
        self.active(image)
        sdk_records.until(lambda: ['success'] == [
            task.status for task in self.image.image_tasks(image)])
        self.image.delete_image(image, store='cold')
        same('fast', self.image.get_image(image).properties['stores'])
        self.image.delete_image(image)

    def active(self, image):
        self.image.wait_for_status(self.image.get_image(image), 'active',
                                   interval=0.1, wait=60)

    def locations(self):
        image = self.queued()
        self.image.add_image_location(image, self.url)
        self.active(image)
        same([self.url], [
            found.url for found in self.image.image_locations(image)])
        self.image.delete_image(image)

    def tasks(self):
        task = self.image.create_task(type='import', input={
            'import_from': self.url, 'import_from_format': 'raw',
            'image_properties': dict(RAW, name='by a task')})
        self.image.wait_for_task(task, interval=0.1, wait=60)
        same('success', self.image.get_task(task).status)
        same(True, task.id in [t.id for t in self.image.tasks()])
        self.image.delete_image(self.image.find_image('by a task'))

    def cache(self):
        image = self.uploaded()
        self.image.queue_image(image)
        sdk_records.until(lambda: image.id in [
            found['image_id'] for found
            in self.image.get_image_cache().cached_images])
        same(1, len(self.image.cached_image_nodes(image)))
        self.image.cache_delete_image(image)
        self.image.clean_cache()
        same({'total_files_pruned', 'total_bytes_pruned'},
             set(self.image.prune_cache()))
        self.image.clear_cache()
        same([], self.image.get_image_cache().cached_images)
        self.image.delete_image(image)

    def layer_above(self):
        image = self.above.create_image('above', filename=self.source,
                                        wait=True, **RAW)
        image = self.above.wait_for_image(image)
        same(image.id, self.above.get_image('above').id)
        same('above', self.above.get_image_by_id(image.id).name)
        same(image.id, self.above.get_image_id('above'))
        same('above', self.above.get_image_name(image.id))
        same(image.id, self.above.get_image_exclude('above', 'x').id)
        same([image.id], [i.id for i in self.above.search_images('above')])
        same(True, image.id in [i.id for i in self.above.list_images()])
        self.above.update_image_properties(image, meta={'p': '1'})
        copy = self.source + '.copy'
        self.above.download_image(image.id, output_path=copy)
        same(os.path.getsize(self.source), os.path.getsize(copy))
        same(True, self.above.delete_image(image.id, wait=True))


def main(*arguments):
    story = Story(*arguments)
    for chapter in (story.images, story.older_upload, story.members,
                    story.imports, story.locations, story.tasks, story.cache,
                    story.layer_above):
        chapter()
    sdk_metadefs.run(story.image)
    print(json.dumps(sorted(story.image.called | story.above.called)))


if __name__ == '__main__':
    main(*sys.argv[1:])
