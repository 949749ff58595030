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
    path("passage/<int:pk>/", review.by_passage, name="by_passage"),
    path("<int:pk>/", review.review, name="review"),
    path("<int:pk>/act/<slug:to>/", review.act, name="act"),
    path("<int:pk>/report/", review.report, name="report"),
    path("<int:pk>/earlier/", review.earlier, name="earlier"),
    path("<int:pk>/export/", review.as_file, name="export_review"),
    path("<int:pk>/facts/", review.facts, name="facts"),
    path("<int:pk>/open-each/", review.open_each, name="open_each"),
    path("<int:pk>/judge/", findings.judge, name="judge"),
    path("<int:pk>/find/", findings.find, name="find"),
    path("findings/<int:pk>/why/", findings.answer, name="answer"),
    path("findings/<int:pk>/withdraw/", findings.withdraw, name="withdraw_finding"),
    path("findings/<int:pk>/lead/<slug:kind>/", findings.lead, name="lead"),
    path("effects/<int:pk>/", findings.effect_shown, name="effect_shown"),
    path("effects/<int:pk>/ask/", findings.effect, name="effect"),
    path("lessons/", lessons.listed, name="lessons"),
    path("lessons/new/", lessons.new, name="new_lesson"),
    path("lessons/export/", lessons.export_lessons, name="export_lessons"),
    path("lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path("lessons/<int:pk>/change/", lessons.change, name="change_lesson"),
    path("lessons/<int:pk>/withdraw/", lessons.withdraw, name="withdraw_lesson"),
]
