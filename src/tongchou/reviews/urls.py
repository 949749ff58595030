from django.urls import path

from tongchou.reviews.views import desk, findings, lessons, review

app_name = "reviews"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("all/", desk.reviews, name="reviews"),
    path("all/export/", desk.export_reviews, name="export_reviews"),
    path("statistics/", desk.statistics, name="statistics"),
    path("statistics/export/", desk.export_statistics, name="export_statistics"),
    path("begin/", review.begin, name="begin"),
    path("passage/<key:pk>/", review.by_passage, name="by_passage"),
    path("<key:pk>/", review.review, name="review"),
    path("<key:pk>/act/<slug:to>/", review.act, name="act"),
    path("<key:pk>/report/", review.report, name="report"),
    path("<key:pk>/earlier/", review.earlier, name="earlier"),
    path("<key:pk>/export/", review.as_file, name="export_review"),
    path("<key:pk>/facts/", review.facts, name="facts"),
    path("<key:pk>/open-each/", review.open_each, name="open_each"),
    path("<key:pk>/judge/", findings.judge, name="judge"),
    path("<key:pk>/find/", findings.find, name="find"),
    path("findings/<key:pk>/why/", findings.answer, name="answer"),
    path("findings/<key:pk>/withdraw/", findings.withdraw, name="withdraw_finding"),
    path("findings/<key:pk>/lead/<slug:kind>/", findings.lead, name="lead"),
    path("effects/<key:pk>/", findings.effect_shown, name="effect_shown"),
    path("effects/<key:pk>/ask/", findings.effect, name="effect"),
    path("lessons/", lessons.listed, name="lessons"),
    path("lessons/new/", lessons.new, name="new_lesson"),
    path("lessons/export/", lessons.export_lessons, name="export_lessons"),
    path("lessons/<key:pk>/", lessons.lesson, name="lesson"),
    path("lessons/<key:pk>/change/", lessons.change, name="change_lesson"),
    path("lessons/<key:pk>/withdraw/", lessons.withdraw, name="withdraw_lesson"),
]
