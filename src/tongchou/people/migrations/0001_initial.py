import django.db.models.deletion
import tongchou.people.fields
import tongchou.people.keys
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('staff', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('n_members', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='members')),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('key', models.CharField(default=tongchou.people.keys.new_key, editable=False, max_length=12, primary_key=True, serialize=False)),
                ('sex', models.CharField(choices=[('female', 'female'), ('male', 'male'), ('unknown', 'not known')], default='unknown', max_length=7, verbose_name='sex')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year of birth')),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='people.household')),
                ('written_at', models.DateTimeField()),
                ('destroy_on', models.DateField(db_index=True, verbose_name='destroyed on')),
                ('destroyed_at', models.DateTimeField(blank=True, null=True, verbose_name='destroyed')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('key')), _negated=True), _connector='OR'), name='person_not_merged_into_itself')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='identity', serialize=False, to='people.person')),
                ('name', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='person_id', default='', verbose_name='name')),
                ('document_kind', models.CharField(choices=[('id_card', 'resident ID card'), ('passport', 'passport'), ('hk_macao', 'Hong Kong and Macao travel permit'), ('taiwan', 'Taiwan travel permit'), ('military', 'military ID'), ('birth', 'birth certificate'), ('other', 'other document')], default='id_card', max_length=10, verbose_name='document')),
                ('document', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='person_id', default='', verbose_name='document number')),
                ('phone', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='person_id', default='', verbose_name='phone')),
                ('address', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='person_id', default='', verbose_name='address')),
                ('document_index', models.CharField(blank=True, max_length=32)),
                ('phone_index', models.CharField(blank=True, max_length=32)),
                ('likeness_index', models.CharField(blank=True, max_length=32)),
                ('sealed_with', models.CharField(max_length=16)),
                ('indexed_with', models.CharField(max_length=8)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('document_index', ''), _negated=True), fields=['document_index'], name='identity_document'), models.Index(condition=models.Q(('phone_index', ''), _negated=True), fields=['phone_index'], name='identity_phone'), models.Index(condition=models.Q(('likeness_index', ''), _negated=True), fields=['likeness_index'], name='identity_likeness'), models.Index(fields=['sealed_with', 'indexed_with'], name='identity_keys')],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reveal', 'shown'), ('look_up', 'looked up'), ('export', 'exported')], max_length=7)),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='people.person')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('purpose', models.CharField(choices=[('contact_tracing', 'contact tracing'), ('notification', 'notification'), ('transfer', 'transfer'), ('care', 'care'), ('correction', 'correction of the record'), ('appeal', 'appeal')], max_length=15, verbose_name='purpose')),
                ('parts', models.CharField(blank=True, max_length=60)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('n_people', models.PositiveIntegerField(default=1)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['by', 'at'], name='disclosure_by_at'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person', '-at'], name='disclosure_person')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keep', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('reasons', models.CharField(blank=True, max_length=200, verbose_name='reasons')),
                ('merged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_at', models.DateTimeField()),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('other',), name='merged_into_one'), models.CheckConstraint(condition=models.Q(('keep', models.F('other')), _negated=True), name='merge_takes_two_people')],
            },
        ),
        migrations.CreateModel(
            name='KeptApart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('two', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('one', 'two'), name='kept_apart_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('two'))), name='kept_apart_in_order')],
            },
        ),
    ]
