import django.db.models.deletion
import tongchou.areas.models
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
            name='Activation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='area')),
                ('area_path', tongchou.areas.models.PathField(max_length=160)),
                ('tempo_from', models.CharField(choices=[('peace', 'peace'), ('war', 'war')], max_length=5, verbose_name='from')),
                ('tempo_to', models.CharField(choices=[('peace', 'peace'), ('war', 'war')], max_length=5, verbose_name='to')),
                ('grade', models.CharField(blank=True, choices=[('', 'none declared'), ('1', 'level I'), ('2', 'level II'), ('3', 'level III'), ('4', 'level IV')], max_length=1, verbose_name='response level')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('playbook', models.CharField(max_length=60, verbose_name='playbook')),
                ('n_areas', models.PositiveIntegerField()),
                ('n_legs', models.PositiveIntegerField()),
                ('n_gaps_closed', models.PositiveIntegerField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['area_path', '-at'], name='activation_area')],
            },
        ),
        migrations.CreateModel(
            name='TallyRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(unique=True)),
                ('n_open', models.PositiveIntegerField()),
                ('n_late', models.PositiveIntegerField()),
                ('n_gaps', models.PositiveIntegerField()),
                ('took_ms', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='LegTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='areas.area')),
                ('loop', models.CharField(max_length=40)),
                ('stage', models.CharField(max_length=40)),
                ('owner', models.CharField(max_length=20)),
                ('n_open', models.PositiveIntegerField()),
                ('n_late', models.PositiveIntegerField()),
                ('n_unowned', models.PositiveIntegerField()),
                ('oldest_due_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'loop', 'stage', 'owner'), name='leg_tally_once')],
            },
        ),
        migrations.CreateModel(
            name='GapTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='areas.area')),
                ('loop', models.CharField(max_length=40)),
                ('stage', models.CharField(max_length=40)),
                ('owner', models.CharField(max_length=20)),
                ('rung', models.PositiveSmallIntegerField(choices=[(0, 'street'), (1, 'district'), (2, 'city')])),
                ('age', models.PositiveSmallIntegerField(choices=[(0, 'under 2 h'), (1, '2–8 h'), (2, '8–24 h'), (3, '1–3 d'), (4, 'over 3 d')])),
                ('n', models.PositiveIntegerField()),
                ('oldest_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'loop', 'stage', 'owner', 'rung', 'age'), name='gap_tally_once')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='areas.area')),
                ('figure', models.CharField(max_length=30)),
                ('at', models.DateTimeField()),
                ('value', models.JSONField()),
                ('digest', models.CharField(max_length=16)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'figure'), name='reading_once')],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('n_total', models.PositiveBigIntegerField()),
                ('n_done', models.PositiveBigIntegerField(default=0)),
                ('n_unsealed', models.PositiveBigIntegerField(default=0)),
                ('last_id', models.BigIntegerField(default=0)),
                ('head', models.CharField(max_length=64)),
                ('faults', models.JSONField(default=list)),
            ],
        ),
    ]
