"""What accounts offer: the actions of signing in and of looking after accounts, and how long attempts are kept."""

from linyun.foundation.accounts.attempts import KEPT
from linyun.foundation.accounts.rules import MANAGERS
from linyun.kernel.declare import Action, Erasure, Manifest, Menu, Role

manifest = Manifest(
    app="accounts",
    actions=(
        Action("account.sign_in", "登录", frozenset(Role), signed_in=False),
        Action("account.look", "选择界面样式", frozenset(Role), signed_in=False),
        Action("account.self", "管理自己的账号", frozenset(Role)),
        Action("account.manage", "管理账号和岗位", MANAGERS),
    ),
    menu=(Menu("accounts", "账号和岗位", "accounts", "lock", "account.manage", 90),),
    erasures=(
        Erasure("account", None, "停用后保留，使留痕可以追溯到人"),
        Erasure("attempt", KEPT.days, "登录尝试记录到期删除"),
    ),
)
