from django.urls import path

from tongchou.lists.views import carrying, common_problems, problems, rules, setting, tasks, tree

app_name = "lists"

urlpatterns = [
    path("", tasks.mine, name="mine"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/set/", setting.set_one, name="set"),
    path("tasks/table/", setting.paste, name="paste"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/act/<slug:name>/", tasks.act, name="task_act"),
    path("tasks/<int:pk>/pass-down/", setting.pass_down, name="pass_down"),
    path("tasks/<int:pk>/amend/", setting.amend, name="amend"),
    path("tasks/<int:pk>/parts/", tree.branch, name="branch"),
    path("task-passage/<int:pk>/", tasks.by_passage, name="task_by_passage"),
    path("tree/", tree.tree, name="tree"),
    path("problems/", problems.problems, name="problems"),
    path("problems/raise/", problems.raise_one, name="raise"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
    path("problems/<int:pk>/act/<slug:name>/", problems.act, name="problem_act"),
    path("problems/<int:pk>/take-out/", common_problems.take_out, name="take_out"),
    path("problem-passage/<int:pk>/", problems.by_passage, name="problem_by_passage"),
    path("common/", common_problems.listed, name="common"),
    path("common/look/", common_problems.look, name="look"),
    path("common/decide/", common_problems.decide, name="decide_common"),
    path("common/<int:pk>/", common_problems.one, name="common_one"),
    path("rules/", rules.rules, name="rules"),
    path("export/", carrying.as_file, name="export"),
    path("paper/", carrying.on_paper, name="paper"),
]
