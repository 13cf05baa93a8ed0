"""What stands in the demo's README.txt: whose pictures these are, and that nobody here is a student."""

NOTE = """\
这是 gradphoto 的示例工作区，由程序生成，可以随时删除。

照片中的人是样片人物，不是学生。名册中的姓名、学号、采集码，邮寄名单中的地址和电话，都是虚构的，
与任何真实人物无关；照片与姓名的对应是随意安排的。
样片取自美国国会议员的官方肖像。它们是美国联邦政府的作品，在美国属于公有领域（《美国法典》第17编第105条），
由 voteview/member_photos 项目汇集；这里抠出人像换上单色背景，衣服下缘向下延长。人物一概不具名。

truth.json 写明每个文件和每名学生应有的结果；gradphoto demo 运行后逐一核对。

----

This is a sample workspace of gradphoto. It was made by the program and may be deleted at any time.

The people in the pictures are sample sitters, not students. Names, student numbers and capture codes of
the rosters, addresses and telephone numbers of the mailing list are invented and mean nobody; which
picture goes with which name is arbitrary.
The pictures are official portraits of members of the United States Congress, works of the US federal
government and in the public domain in the United States (17 U.S.C. § 105), as collected in
voteview/member_photos. They were cut out and set on a plain backdrop, and the lower edge of the clothing
was extended downwards. The sitters are not named.

truth.json says what must become of each file and student; gradphoto demo compares the outcome with it.
"""
