import django.db.models.deletion
import tongchou.people.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('cases', '0001_initial'),
        ('ledger', '0001_initial'),
        ('staff', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Investigation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='investigation', to='cases.case')),
                ('passage', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='investigation', to='ledger.passage')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lead investigator')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('symptoms', models.JSONField(blank=True, default=list, verbose_name='symptoms')),
                ('symptoms_note', models.CharField(blank=True, max_length=200, verbose_name='other symptoms')),
                ('lives_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='lives in')),
                ('vaccine_doses', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='vaccine doses')),
                ('vaccinated_on', models.DateField(blank=True, null=True, verbose_name='last dose')),
                ('source_kind', models.CharField(choices=[('unknown', 'not known yet'), ('case', 'a known case'), ('imported', 'travel or arrival from elsewhere'), ('work', 'work with goods, patients or arrivals'), ('place', 'a place several cases share')], default='unknown', max_length=8, verbose_name='source, as it looks now')),
                ('source_note', models.CharField(blank=True, max_length=300, verbose_name='grounds for it')),
                ('summary', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='pk', default='', verbose_name='the last 14 days in short')),
                ('report', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='pk', default='', verbose_name='full report')),
                ('conclusion', tongchou.people.fields.EncryptedTextField(blank=True, bound_to='pk', default='', verbose_name='conclusion')),
                ('version', models.PositiveIntegerField(default=1)),
                ('destroy_on', models.DateField(db_index=True, verbose_name='destroyed on')),
                ('destroyed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ItineraryStay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('investigation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='tracing.investigation')),
                ('place_name', models.CharField(max_length=120, verbose_name='place')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.place')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('from_at', models.DateTimeField(verbose_name='from')),
                ('to_at', models.DateTimeField(verbose_name='to')),
                ('transport', models.CharField(blank=True, choices=[('', 'not on the way'), ('walk', 'on foot or by bicycle'), ('car', 'own car'), ('taxi', 'taxi'), ('bus', 'bus'), ('metro', 'metro'), ('coach', 'coach'), ('train', 'train'), ('plane', 'plane'), ('ship', 'ship')], max_length=5, verbose_name='means of transport')),
                ('vehicle', models.CharField(blank=True, max_length=30, verbose_name='number of the vehicle')),
                ('confidence', models.PositiveSmallIntegerField(choices=[(1, 'said by the case'), (2, 'supported by others'), (3, 'proven by a record')], default=1, verbose_name='confidence')),
                ('protected', models.BooleanField(default=False, verbose_name='wore a mask')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_at', models.DateTimeField()),
                ('destroy_on', models.DateField(db_index=True, verbose_name='destroyed on')),
            ],
            options={
                'ordering': ['from_at', 'id'],
                'indexes': [models.Index(fields=['investigation', 'from_at'], name='stay_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('to_at__gte', models.F('from_at'))), name='stay_from_before_to')],
            },
        ),
    ]
