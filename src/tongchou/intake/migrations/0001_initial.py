import django.db.models.deletion
import django.db.models.expressions
import tongchou.people.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('cases', '0001_initial'),
        ('staff', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('case', 'cases'), ('contact', 'contacts'), ('exposure', 'exposures'), ('follow_up', 'follow-ups')], max_length=9, verbose_name='content')),
                ('profile', models.CharField(max_length=60, verbose_name='profile')),
                ('source', models.CharField(max_length=60)),
                ('worksheet', models.CharField(blank=True, max_length=120)),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('n_bytes', models.BigIntegerField(verbose_name='size')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('prefix', models.CharField(blank=True, max_length=20, verbose_name='prefix of the numbers')),
                ('default_case', models.CharField(blank=True, max_length=60, verbose_name='case of all contacts')),
                ('header', models.JSONField(default=list)),
                ('after', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next', to='intake.import')),
                ('state', models.CharField(choices=[('received', 'received'), ('queued', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('interrupted', 'interrupted'), ('withdrawn', 'withdrawn')], default='received', max_length=11, verbose_name='state')),
                ('progress', models.PositiveIntegerField(default=0)),
                ('n_read', models.PositiveIntegerField(default=0, verbose_name='read')),
                ('n_new', models.PositiveIntegerField(default=0, verbose_name='new')),
                ('n_unchanged', models.PositiveIntegerField(default=0, verbose_name='unchanged')),
                ('n_refused', models.PositiveIntegerField(default=0, verbose_name='refused')),
                ('n_remarks', models.PositiveIntegerField(default=0, verbose_name='remarks')),
                ('fault', models.CharField(blank=True, max_length=400, verbose_name='what went wrong')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='received')),
                ('worker', models.CharField(blank=True, max_length=64)),
                ('taken_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
                ('destroy_on', models.DateField(db_index=True, verbose_name='destroyed on')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', 'id'], name='import_queue'), models.Index(fields=['sha256'], name='import_file')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('n_read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('n_new'), '+', models.F('n_unchanged')), '+', models.F('n_refused'))), _connector='OR'), name='import_reconciles')],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='intake.import')),
                ('number', models.PositiveIntegerField()),
                ('body', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='place', default='')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('of', 'number'), name='piece_once')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('case', 'cases'), ('contact', 'contacts'), ('exposure', 'exposures'), ('follow_up', 'follow-ups')], max_length=9)),
                ('key', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=32)),
                ('number', models.PositiveIntegerField(verbose_name='line')),
                ('of', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='intake.import')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='cases.case')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='cases.contact')),
                ('exposure', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.exposure')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'kind', 'key'), name='line_once')],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='intake.import')),
                ('number', models.PositiveIntegerField(verbose_name='line')),
                ('code', models.CharField(max_length=24)),
                ('body', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='pk', default='')),
                ('offers', models.BooleanField(default=False)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['of', 'number'], name='refusal_line')],
                'constraints': [models.CheckConstraint(condition=models.Q(('accepted_at', None), ('offers', True), _connector='OR'), name='only_an_offer_is_accepted')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='listed_follow_ups', to='cases.contact')),
                ('on', models.DateField(verbose_name='day')),
                ('seen', models.CharField(choices=[('well', 'seen, well'), ('unwell', 'seen, unwell'), ('missed', 'not found'), ('not_tried', 'not tried')], max_length=9, verbose_name='found')),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='follow_up', to='intake.line')),
            ],
            options={
                'ordering': ['on'],
                'indexes': [models.Index(fields=['contact', 'on'], name='followup_contact_on')],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='intake.import')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='intake.line')),
                ('number', models.PositiveIntegerField(verbose_name='line')),
                ('code', models.CharField(max_length=24)),
                ('problem', models.JSONField()),
            ],
        ),
    ]
