from django.urls import path

from tongchou.lists.views import (
    carrying,
    common_problems,
    files,
    problems,
    rules,
    setting,
    tasks,
    tree,
)

app_name = "lists"

urlpatterns = [
    path("", tasks.mine, name="mine"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/set/", setting.set_one, name="set"),
    path("tasks/table/", setting.paste, name="paste"),
    path("tasks/<key:pk>/", tasks.task, name="task"),
    path("tasks/<key:pk>/act/<slug:name>/", tasks.act, name="task_act"),
    path("tasks/<key:pk>/files/", files.add, name="add_file"),
    path("tasks/<key:pk>/files/<key:file>/", files.read, name="file"),
    path("tasks/<key:pk>/pass-down/", setting.pass_down, name="pass_down"),
    path("tasks/<key:pk>/amend/", setting.amend, name="amend"),
    path("tasks/<key:pk>/parts/", tree.branch, name="branch"),
    path("task-passage/<key:pk>/", tasks.by_passage, name="task_by_passage"),
    path("tree/", tree.tree, name="tree"),
    path("problems/", problems.problems, name="problems"),
    path("problems/raise/", problems.raise_one, name="raise"),
    path("problems/<key:pk>/", problems.problem, name="problem"),
    path("problems/<key:pk>/act/<slug:name>/", problems.act, name="problem_act"),
    path("problems/<key:pk>/take-out/", common_problems.take_out, name="take_out"),
    path("problem-passage/<key:pk>/", problems.by_passage, name="problem_by_passage"),
    path("common/", common_problems.listed, name="common"),
    path("common/look/", common_problems.look, name="look"),
    path("common/decide/", common_problems.decide, name="decide_common"),
    path("common/<key:pk>/", common_problems.one, name="common_one"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:code>/take-out/", rules.take_out, name="take_out_rules"),
    path("export/", carrying.as_file, name="export"),
    path("paper/", carrying.on_paper, name="paper"),
]
