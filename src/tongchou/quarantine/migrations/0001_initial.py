import django.db.models.deletion
import tongchou.areas.models
import tongchou.quarantine.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('cases', '0001_initial'),
        ('ledger', '0001_initial'),
        ('people', '0001_initial'),
        ('staff', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Site',
            fields=[
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='quarantine', serialize=False, to='areas.place', verbose_name='site')),
                ('certificate', models.CharField(blank=True, max_length=120, verbose_name='safety certificate')),
                ('certified_until', models.DateField(blank=True, null=True, verbose_name='certified until')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone for residents')),
            ],
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quarantine_orders', to='people.person')),
                ('reason', models.CharField(choices=[('close', 'close contact of a case'), ('secondary', 'contact of a close contact'), ('general', 'general contact of a case'), ('group', 'belongs to a group that the playbook names')], max_length=10, verbose_name='reason')),
                ('rule', models.CharField(max_length=60, verbose_name='rule')),
                ('playbook', models.CharField(max_length=60, verbose_name='playbook')),
                ('clause', models.CharField(max_length=300, verbose_name='clause')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='home area')),
                ('area_path', tongchou.areas.models.PathField(max_length=160)),
                ('last_exposure_on', models.DateField(verbose_name='last exposure')),
                ('segments', models.JSONField(default=list)),
                ('from_on', models.DateField(verbose_name='from')),
                ('home_from_at', models.DateTimeField(null=True, verbose_name='facility until')),
                ('to_at', models.DateTimeField(verbose_name='until')),
                ('by_hand', models.BooleanField(default=False, verbose_name='end set by hand')),
                ('token', models.CharField(default=tongchou.quarantine.models.new_token, editable=False, max_length=30, unique=True)),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contacts', models.ManyToManyField(blank=True, related_name='quarantine_orders', to='cases.contact')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['rule', 'last_exposure_on'], name='order_rule_exposure')],
                'constraints': [models.CheckConstraint(condition=models.Q(('clause', ''), _negated=True), name='order_names_its_clause'), models.CheckConstraint(condition=models.Q(('home_from_at', None), ('home_from_at__lte', models.F('to_at')), _connector='OR'), name='order_goes_home_before_it_ends')],
            },
        ),
        migrations.CreateModel(
            name='OrderChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='quarantine.order')),
                ('kind', models.CharField(choices=[('extended', 'extended'), ('shortened', 'shortened'), ('released', 'released out of turn'), ('abandoned', 'search given up')], max_length=9, verbose_name='kind')),
                ('reason', models.CharField(choices=[('playbook', 'the playbook changed'), ('exposure', 'the last exposure was corrected'), ('new_exposure', 'met another case'), ('result', 'a test result is awaited or doubtful'), ('symptoms', 'symptoms are being looked into'), ('not_exposed', 'turned out not to have been exposed'), ('health', 'health or treatment requires it'), ('family', 'somebody must be cared for'), ('appeal', 'an appeal was upheld'), ('no_test', 'a test cannot be taken'), ('searched', 'searched for in vain')], max_length=12, verbose_name='reason')),
                ('clause', models.CharField(max_length=300, verbose_name='clause')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('by_hand', models.BooleanField(default=False)),
                ('from_at', models.DateTimeField(verbose_name='end before')),
                ('to_at', models.DateTimeField(verbose_name='end after')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_at', models.DateTimeField()),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('applied_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('clause', ''), _negated=True), name='change_names_its_clause'), models.CheckConstraint(condition=models.Q(('by_hand', False), ('applied_at', None), models.Q(('confirmed_by__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='change_by_hand_takes_two'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='change_confirmed_by_somebody_else'), models.UniqueConstraint(condition=models.Q(('applied_at', None), ('refused_at', None)), fields=('order',), name='one_waiting_change_per_order')],
            },
        ),
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stay', to='quarantine.order')),
                ('passage', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stay', to='ledger.passage')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='areas.place', verbose_name='site')),
                ('room', models.CharField(blank=True, max_length=20, verbose_name='room')),
                ('bound_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.place', verbose_name='bound for')),
                ('received_at', models.DateTimeField(null=True, verbose_name='received')),
            ],
            options={
                'indexes': [models.Index(fields=['place', 'room'], name='stay_rooms')],
            },
        ),
        migrations.CreateModel(
            name='DueTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tests', to='quarantine.order')),
                ('day', models.PositiveSmallIntegerField(verbose_name='day')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('again', models.BooleanField(default=False, verbose_name='sampled again')),
                ('dropped_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('result', models.CharField(blank=True, choices=[('negative', 'negative'), ('positive', 'positive'), ('inconclusive', 'inconclusive, sample again')], max_length=12, verbose_name='result')),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'indexes': [models.Index(condition=models.Q(('done_at', None), ('dropped_at', None)), fields=['due_on'], name='test_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('dropped_at', None)), fields=('order', 'due_on'), name='one_test_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None), ('result', '')), models.Q(('done_at__isnull', False), ('done_by__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='test_done_with_result')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='quarantine.order')),
                ('text', models.TextField(max_length=2000, verbose_name='what they say')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('due_at', models.DateTimeField(verbose_name='answer due')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.CharField(blank=True, choices=[('upheld', 'upheld'), ('rejected', 'rejected')], max_length=8, verbose_name='decision')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
            ],
            options={
                'ordering': ['due_at'],
                'indexes': [models.Index(condition=models.Q(('decided_at', None)), fields=['due_at'], name='appeal_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decision', ''), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='appeal_decided_with_answer'), models.CheckConstraint(condition=models.Q(('decided_by', None), ('made_by', None), models.Q(('decided_by', models.F('made_by')), _negated=True), _connector='OR'), name='appeal_decided_by_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='HealthCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='quarantine.stay')),
                ('on', models.DateField(verbose_name='day')),
                ('temperature', models.DecimalField(blank=True, decimal_places=1, max_digits=3, null=True, verbose_name='temperature')),
                ('symptoms', models.JSONField(blank=True, default=list)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(fields=('stay', 'on'), name='one_check_a_day'), models.CheckConstraint(condition=models.Q(('temperature', None), models.Q(('temperature__gte', 30), ('temperature__lte', 45)), _connector='OR'), name='check_of_a_living_person')],
            },
        ),
    ]
