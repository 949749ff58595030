import django.db.models.deletion
import tongchou.areas.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('staff', '0001_initial'),
        ('staff', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('loop', models.CharField(max_length=40, verbose_name='loop')),
                ('stage', models.CharField(max_length=40, verbose_name='stage')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('area_path', tongchou.areas.models.PathField(max_length=160)),
                ('person_key', models.CharField(blank=True, max_length=16)),
                ('holds', models.BooleanField(default=False)),
                ('n_legs', models.PositiveIntegerField(default=1)),
                ('caused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='ledger.passage')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('person_key', ''), _negated=True), fields=['person_key'], name='passage_person'), models.Index(condition=models.Q(('closed_at', None)), fields=['loop', 'stage'], name='passage_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('holds', True)), fields=('person_key',), name='one_pair_of_hands'), models.CheckConstraint(condition=models.Q(('holds', False), models.Q(('closed_at', None), models.Q(('person_key', ''), _negated=True)), _connector='OR'), name='only_an_open_passage_holds_a_person'), models.CheckConstraint(condition=models.Q(('closed_at', None), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='passage_closes_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('playbook', models.CharField(max_length=60, verbose_name='playbook')),
                ('digest', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_at', models.DateTimeField()),
                ('adopted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('adopted_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-adopted_at'], name='adoption_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('adopted_by', None), models.Q(('adopted_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='adoption_takes_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('adopted_at', None), ('adopted_by', None)), models.Q(('adopted_at__isnull', False), ('adopted_by__isnull', False), ('withdrawn_at', None)), _connector='OR'), name='adopted_at_with_adopted_by')],
            },
        ),
        migrations.CreateModel(
            name='Handoff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passage', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='handoffs', to='ledger.passage')),
                ('number', models.PositiveIntegerField()),
                ('loop', models.CharField(max_length=40)),
                ('stage', models.CharField(max_length=40, verbose_name='stage')),
                ('owner', models.CharField(max_length=20, verbose_name='owner')),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
                ('area_path', tongchou.areas.models.PathField(max_length=160)),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('timed_from', models.DateTimeField()),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('playbook', models.CharField(max_length=60)),
                ('clause', models.CharField(blank=True, max_length=120)),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
                ('done_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.CharField(blank=True, max_length=40, verbose_name='outcome')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['unit', 'due_at', 'id'], name='leg_inbox'), models.Index(condition=models.Q(('done_at', None)), fields=['due_at'], name='leg_open_due'), models.Index(condition=models.Q(('done_at', None)), fields=['area_path'], name='leg_open_area'), models.Index(fields=['loop', 'stage', 'opened_at'], name='leg_loop_stage'), models.Index(condition=models.Q(('outcome', models.F('stage'))), fields=['loop', 'area_path'], name='leg_moved')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at', None)), fields=('passage',), name='one_open_leg_per_passage'), models.UniqueConstraint(fields=('passage', 'number'), name='leg_numbers_count_up'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None), ('outcome', '')), models.Q(('done_at__isnull', False), ('done_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='leg_done_at_with_done_by_and_outcome'), models.CheckConstraint(condition=models.Q(('done_at', None), ('done_at__gte', models.F('opened_at')), _connector='OR'), name='leg_done_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gaps', to='ledger.handoff')),
                ('loop', models.CharField(max_length=40)),
                ('stage', models.CharField(max_length=40)),
                ('owner', models.CharField(max_length=20)),
                ('area_path', tongchou.areas.models.PathField(max_length=160)),
                ('rung', models.PositiveSmallIntegerField(choices=[(0, 'street'), (1, 'district'), (2, 'city')], verbose_name='rung')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
                ('opened_at', models.DateTimeField(verbose_name='since')),
                ('raised_at', models.DateTimeField()),
                ('climbed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('reason', models.CharField(blank=True, choices=[('handed_over', 'handed over, late'), ('tempo', 'no longer due: the tempo changed'), ('playbook', 'no longer due: the playbook changed'), ('order', 'no longer due: the order was extended')], max_length=12, verbose_name='reason')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['opened_at', 'id', 'area_path', 'owner', 'loop', 'stage', 'rung'], name='gap_oldest'), models.Index(condition=models.Q(('closed_at', None)), fields=['area_path', 'opened_at', 'id', 'owner', 'loop', 'stage', 'rung'], name='gap_open_area'), models.Index(condition=models.Q(('closed_at', None)), fields=['owner', 'opened_at', 'id', 'area_path', 'loop', 'stage', 'rung'], name='gap_open_owner'), models.Index(condition=models.Q(('closed_at', None)), fields=['loop', 'stage', 'opened_at', 'id', 'area_path', 'owner', 'rung'], name='gap_open_stage'), models.Index(condition=models.Q(('closed_at', None)), fields=['rung', 'opened_at', 'id', 'area_path', 'owner', 'loop', 'stage'], name='gap_open_rung'), models.Index(condition=models.Q(('closed_at', None)), fields=['unit', 'opened_at'], name='gap_open_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('handoff',), name='one_open_gap_per_leg'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('reason', '')), models.Q(('closed_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='gap_closed_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gap', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='ledger.gap')),
                ('rung', models.PositiveSmallIntegerField(choices=[(0, 'street'), (1, 'district'), (2, 'city')])),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit')),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('gap', 'rung'), name='told_once_per_rung')],
            },
        ),
    ]
