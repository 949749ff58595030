import django.db.models.deletion
import tongchou.areas.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('ledger', '0001_initial'),
        ('people', '0001_initial'),
        ('staff', '0001_initial'),
        ('staff', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name of the cluster')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.place')),
                ('found_on', models.DateField(verbose_name='found on')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='number')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='people.person')),
                ('passage', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case', to='ledger.passage')),
                ('disease', models.CharField(max_length=30, verbose_name='disease')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('area_path', tongchou.areas.models.PathField(max_length=160)),
                ('cluster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='cases.cluster')),
                ('classification', models.CharField(choices=[('suspected', 'suspected'), ('probable', 'probable'), ('confirmed', 'confirmed'), ('asymptomatic', 'asymptomatic'), ('discarded', 'discarded')], max_length=12, verbose_name='classification')),
                ('severity', models.CharField(choices=[('unknown', 'not known'), ('none', 'no symptoms'), ('mild', 'mild'), ('moderate', 'ordinary'), ('severe', 'severe'), ('critical', 'critical')], default='unknown', max_length=8, verbose_name='severity')),
                ('found_by', models.CharField(choices=[('self', 'came by themselves'), ('quarantine', 'found in quarantine'), ('community', 'found in the community'), ('key_group', 'screening of key groups'), ('assist', 'assist request'), ('unknown', 'not recorded')], default='unknown', max_length=10, verbose_name='how found')),
                ('age', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='age')),
                ('occupation', models.CharField(blank=True, max_length=80, verbose_name='occupation')),
                ('onset_on', models.DateField(blank=True, null=True, verbose_name='onset')),
                ('sampled_on', models.DateField(blank=True, null=True, verbose_name='sampled')),
                ('diagnosed_on', models.DateField(blank=True, null=True, verbose_name='diagnosed')),
                ('reported_on', models.DateField(verbose_name='reported')),
                ('exposed_from', models.DateField(blank=True, null=True, verbose_name='exposed from')),
                ('exposed_to', models.DateField(blank=True, null=True, verbose_name='exposed to')),
                ('admitted_on', models.DateField(blank=True, null=True, verbose_name='admitted')),
                ('outcome', models.CharField(blank=True, choices=[('', 'under way'), ('recovered', 'recovered'), ('died', 'died'), ('alive', 'alive when the list closed'), ('discarded', 'not a case')], max_length=9, verbose_name='clinical outcome')),
                ('outcome_on', models.DateField(blank=True, null=True, verbose_name='clinical outcome on')),
                ('hospital', models.CharField(blank=True, max_length=120, verbose_name='hospital')),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('origin', models.CharField(blank=True, max_length=60)),
                ('reporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit', verbose_name='reported by')),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-reported_on', '-id'],
                'indexes': [models.Index(fields=['area_path', '-reported_on'], name='case_area_reported'), models.Index(fields=['-reported_on', '-id'], name='case_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('exposed_from', None), ('exposed_to', None), ('exposed_to__gte', models.F('exposed_from')), _connector='OR'), name='case_exposed_from_before_to'), models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('person', 'disease'), name='one_open_case_per_person_and_disease')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.case')),
                ('field', models.CharField(max_length=30)),
                ('before', models.CharField(blank=True, max_length=120)),
                ('after', models.CharField(blank=True, max_length=120)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='cases.case')),
                ('kind', models.CharField(choices=[('laboratory', 'laboratory report'), ('clinical', 'clinical record'), ('interview', 'signed interview form'), ('notice', 'notice or order'), ('other', 'other document')], max_length=10, verbose_name='kind')),
                ('media_type', models.CharField(max_length=60)),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('digest', models.CharField(max_length=64)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(verbose_name='added')),
                ('destroyed_on', models.DateField(blank=True, null=True, verbose_name='destroyed on')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('case', 'digest'), name='document_once_per_case')],
                'indexes': [models.Index(fields=['digest'], name='document_digest')],
            },
        ),
        migrations.CreateModel(
            name='ClassificationChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classifications', to='cases.case')),
                ('classification', models.CharField(choices=[('suspected', 'suspected'), ('probable', 'probable'), ('confirmed', 'confirmed'), ('asymptomatic', 'asymptomatic'), ('discarded', 'discarded')], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='number')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='people.person')),
                ('passage', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contact', to='ledger.passage')),
                ('tier', models.CharField(choices=[('close', 'close contact'), ('secondary', 'secondary contact'), ('general', 'general contact')], max_length=9, verbose_name='tier')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('area_path', tongchou.areas.models.PathField(max_length=160)),
                ('found_by', models.CharField(blank=True, choices=[('active', 'found by our own tracing'), ('other_province', 'told by another province'), ('other_city', 'told by another city of the province'), ('other_district', 'told by another district of the city')], max_length=20, verbose_name='how found')),
                ('became_case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='was_contact', to='cases.case')),
                ('listed_on', models.DateField(verbose_name='listed')),
                ('destination', models.CharField(blank=True, db_default='', max_length=120, verbose_name='destination')),
                ('origin', models.CharField(blank=True, max_length=60)),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-listed_on', '-id'],
                'indexes': [models.Index(fields=['area_path', '-listed_on'], name='contact_area_listed'), models.Index(fields=['-listed_on', '-id'], name='contact_newest')],
            },
        ),
        migrations.CreateModel(
            name='Transmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('infector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='infections', to='cases.case')),
                ('infectee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='cases.case')),
                ('probability', models.FloatField(verbose_name='probability')),
                ('method', models.CharField(max_length=60, verbose_name='method')),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('probability__gte', 0), ('probability__lte', 1)), name='transmission_probability'), models.UniqueConstraint(fields=('infector', 'infectee', 'method'), name='transmission_once')],
            },
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exposures', to='cases.contact')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exposures', to='cases.case', verbose_name='case')),
                ('through', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_on', to='cases.contact')),
                ('way', models.CharField(choices=[('meal', 'same meal'), ('living', 'living together'), ('room', 'same room'), ('bed', 'same bed'), ('work', 'same office or classroom'), ('vehicle', 'same plane, train or vehicle'), ('care', 'diagnosis or treatment'), ('nursing', 'nursing'), ('ward', 'same ward'), ('leisure', 'leisure'), ('other', 'other')], max_length=10, verbose_name='way of contact')),
                ('place_kind', models.CharField(blank=True, choices=[('quarantine_site', 'quarantine site'), ('hospital', 'designated hospital'), ('fever_clinic', 'fever clinic'), ('shelter_hospital', 'shelter hospital'), ('sampling_site', 'sampling site'), ('checkpoint', 'checkpoint'), ('school', 'school'), ('workplace', 'workplace'), ('shop', 'shop or market'), ('restaurant', 'restaurant'), ('transport', 'station or vehicle'), ('home', 'home'), ('other', 'other place')], max_length=20)),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='place')),
                ('first_on', models.DateField(blank=True, null=True, verbose_name='first contact')),
                ('last_on', models.DateField(blank=True, null=True, verbose_name='last contact')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('protected', models.BooleanField(default=False, verbose_name='with effective protection')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('case__isnull', False), ('through__isnull', False), _connector='OR'), name='exposure_to_somebody'), models.CheckConstraint(condition=models.Q(('first_on', None), ('last_on', None), ('last_on__gte', models.F('first_on')), _connector='OR'), name='exposure_first_before_last')],
            },
        ),
    ]
