from django.urls import path

from tongchou.lists.views import problems, tasks

app_name = "lists"

urlpatterns = [
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("task-passage/<int:pk>/", tasks.by_passage, name="task_by_passage"),
    path("problems/", problems.problems, name="problems"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
    path("problem-passage/<int:pk>/", problems.by_passage, name="problem_by_passage"),
]
