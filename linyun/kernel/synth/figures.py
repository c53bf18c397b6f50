"""The figures that made people must show, with their source; the tests hold the maker to them.

Residents (people who live in the area), from the main data of Shanghai's seventh census, 1 November 2020
(上海市第七次全国人口普查主要数据, shanghai.gov.cn, 2021-05-18; 24,870,895 residents):

==========================  ======  =========================================
figure                      census  what we aim at
==========================  ======  =========================================
aged 0–14                    9.8 %  9.8 % of residents
aged 15–59                  66.8 %  66.8 % of residents
aged 60 and over            23.4 %  23.4 % of residents
aged 65 and over            16.3 %  16.3 % of residents
persons in a household       2.32   2.32 residents in a living household
men for 100 women          107.33   107 of residents
registered elsewhere        42.1 %  34 %: an old inner-city street has fewer
==========================  ======  =========================================

Among those of 60 and over the sixth census (2010) counted 91.7 men for 100 women; fewer the older they are.

Registered people of an old street are older than residents: about 35 % are 60 and over (city-wide 36.1 % at the end of
2020, 上海市老年人口和老龄事业监测统计信息), and about 30 % of them live elsewhere (人户分离).

Shares among registered people that the maker aims at, rounded from the city's yearly figures: disability certificates
about 2.5 % (of all people in the register), low-income aid about 1.2 %. These two are an aim, not a census figure.
"""

AGE_0_14 = 0.098
AGE_15_59 = 0.668
AGE_60_UP = 0.234
AGE_65_UP = 0.163
HOUSEHOLD_SIZE = 2.32
MEN_PER_100_WOMEN = 107.33
MEN_PER_100_WOMEN_60_UP = 91.7
REGISTERED_60_UP = 0.35
REGISTERED_ELSEWHERE = 0.34
REGISTERED_AWAY = 0.30
DISABLED = 0.025
AIDED = 0.012
