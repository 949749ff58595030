import django.db.models.deletion
import tongchou.areas.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Area',
            fields=[
                ('code', models.CharField(max_length=24, primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'province'), (2, 'city'), (3, 'district'), (4, 'street'), (5, 'community'), (6, 'grid cell'), (7, 'building')], verbose_name='level')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='areas.area')),
                ('path', tongchou.areas.models.PathField(max_length=160, unique=True)),
                ('tempo', models.CharField(choices=[('peace', 'peace'), ('war', 'war')], default='peace', max_length=5, verbose_name='tempo')),
                ('tempo_since', models.DateTimeField(blank=True, null=True)),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
                ('households', models.PositiveIntegerField(blank=True, null=True, verbose_name='households')),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='areas.area')),
            ],
            options={
                'verbose_name': 'area',
                'verbose_name_plural': 'areas',
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='Boundary',
            fields=[
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='boundary', serialize=False, to='areas.area')),
                ('geometry', models.JSONField()),
                ('west', models.FloatField()),
                ('south', models.FloatField()),
                ('east', models.FloatField()),
                ('north', models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('quarantine_site', 'quarantine site'), ('hospital', 'designated hospital'), ('fever_clinic', 'fever clinic'), ('shelter_hospital', 'shelter hospital'), ('sampling_site', 'sampling site'), ('checkpoint', 'checkpoint'), ('school', 'school'), ('workplace', 'workplace'), ('shop', 'shop or market'), ('restaurant', 'restaurant'), ('transport', 'station or vehicle'), ('home', 'home'), ('other', 'other place')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='areas.area', verbose_name='area')),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='capacity')),
                ('closed_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
                'indexes': [models.Index(fields=['kind', 'area'], name='place_kind_area')],
            },
        ),
    ]
