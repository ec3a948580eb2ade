"""Names that tell what they stand for: common first names, places, and words of titles and organizations."""

FEMALE = frozenset(
    """
    abigail aisha alexandra alice alicia amanda amelia amy ana andrea angela angelina anita ann anna anne
    annie aretha ariana audrey barbara beatrice benazir bella bette beyoncé bridget camilla carla carol
    caroline catherine cathy celine charlotte chelsea chloe christina christine cindy claire clara claudia
    condoleezza cynthia daisy deborah debra denise diana diane dolly donna doris dorothy edith eleanor
    elena elisabeth elizabeth ella ellen emily emma erica erin esther eva eve evelyn fatima felicity fiona
    florence frances frida giorgia gloria grace greta gwen hannah harriet heather helen hillary indira
    irene isabel isabella ivanka jacinda jackie jacqueline jane janet jean jennifer jenny jessica jill
    joan joanna joanne josephine joyce judith judy julia julie kamala karen kate katherine kathleen
    kathryn katie kelly kimberly laura lauren leah lena leila leyla linda lisa liz louise lucy madonna
    malala margaret maria marie marilyn martha mary maya meghan melania melanie melinda melissa mercedes
    mia michelle miriam molly monica nadia nancy naomi natalia natalie nicole nina nora olga olivia oprah
    pamela patricia paula penelope priya rachel rebecca rihanna rita rosa rosalind rose rosie ruth sally
    samantha sandra sara sarah serena shakira sharon sheila shirley simone sofia sonia sophia sophie
    stella stephanie sue susan svetlana tamara tanya tatiana taylor teresa theresa tina tracy ursula
    valentina vanessa vera veronica victoria violet virginia viola vivian wendy whitney yulia yvonne zoe
    """.split()
)
MALE = frozenset(
    """
    aaron abdul abraham adam adolf adrian ahmed akira al alan albert alejandro aleksandr alexander alexei
    alfred ali allen anatoly andré andreas andrew andriy andy angelo anthony antonio antónio arnold arthur
    augustus barack ben benedict benito benjamin bernard bernie bill bob boris brad brandon brian bruce
    carl carlos charles charlie chris christian christopher claude clint colin craig dan daniel dave david
    dennis diego dmitri dmitry dmytro don donald douglas duncan dwight edgar edmund eduardo edward elon
    elvis emmanuel enrique eric ernest eugene fernando fidel francesco francis francisco francois françois
    frank franklin franz fred frederick friedrich fyodor gary geoffrey george gerald gerhard giovanni
    giuseppe gordon graham greg gregory guy hans harold harry hassan heinrich henri henry herbert herman
    hideo howard hugh hugo ian ibrahim igor imran isaac ivan jack jacob jacques jake james jason jeff
    jeffrey jeremy jerome jesse jim jimmy joe joel johann johannes john johnny jonathan jorge josé jose
    josef joseph joshua juan julian julius justin karl keir keith ken kenneth kevin kofi konstantin kyle
    larry lawrence lee leo leon leonard leonardo leonid liam lloyd louis lucas ludwig luis luke manuel
    marcel marco marcus mario mark marlon martin marvin matt matthew maurice max michael michel miguel
    mike mikhail milton mitch mohamed mohammad mohammed moses muhammad narendra nathan neil nelson
    nicholas nick nicolas niels nigel nikita nikola nikolai noah noam oleksandr oleksiy oliver olaf omar
    orlando oscar oskar osama otto pablo patrick paul pedro pete peter petro philip phillip pierre quentin
    rafael ralph raymond rené ricardo richard rishi robert roberto roger roland roman ron ronald ross roy
    russell ryan sam samuel saddam scott sean sebastian sergei sergey shinzo sigmund simon stalin stanley
    stefan stephen steve steven stuart ted theodore thomas tim timothy toby todd tom tony usain vasily
    victor viktor vincent vitali vladimir volodymyr walter warren wayne wilhelm will william winston
    wolfgang woodrow xavier yasser yevgeny yitzhak yuri zachary
    """.split()
)
CITIES = frozenset(
    """
    amsterdam athens atlanta baghdad bakhmut baltimore bangkok barcelona beijing beirut berlin
    birmingham boston brussels budapest cairo chicago copenhagen dallas damascus delhi denver detroit
    donetsk dublin frankfurt geneva glasgow hamburg havana helsinki hiroshima houston islamabad istanbul
    jakarta jerusalem johannesburg kabul kharkiv kherson kyiv kyoto lisbon liverpool london luhansk
    madrid manchester manila melbourne miami milan montreal moscow mumbai munich nagasaki nairobi naples
    oslo ottawa paris philadelphia prague rome seattle seoul shanghai stockholm sydney tampa tehran
    tokyo toronto vancouver venice vienna warsaw washington zagreb zaporizhzhia zurich
    """.split()
)
PLACES = CITIES | frozenset(
    """
    afghanistan africa alabama alaska albania algeria america antarctica argentina arizona arkansas
    armenia asia australia austria azerbaijan bahrain bangladesh belarus belgium bolivia bosnia botswana
    brazil britain bulgaria burma california cambodia cameroon canada chad chile china colombia colorado
    connecticut crimea croatia cuba cyprus delaware denmark donbas ecuador egypt england estonia
    ethiopia europe fiji finland florida france gaza georgia germany ghana greece greenland guatemala
    haiti hawaii honduras hungary iceland idaho illinois india indiana indonesia iowa iran iraq ireland
    israel italy jamaica japan jordan kansas kashmir kazakhstan kentucky kenya korea kosovo kuwait laos
    latvia lebanon liberia libya lithuania louisiana luxembourg maine malawi malaysia mali malta
    manhattan maryland massachusetts mexico michigan minnesota mississippi missouri moldova mongolia
    montana morocco mozambique myanmar namibia nebraska nepal netherlands nevada niger nigeria norway
    oklahoma oman ontario oregon pakistan palestine panama paraguay pennsylvania peru philippines poland
    portugal qatar quebec romania russia rwanda samoa scotland senegal serbia siberia sicily singapore
    slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania tennessee texas
    thailand tibet tunisia turkey uganda ukraine uruguay utah uzbekistan venezuela vermont vietnam wales
    wisconsin wyoming yemen yugoslavia zambia zimbabwe
    """.split()
)
PLACE_WORDS = frozenset(
    """
    airport avenue bay beach bridge canyon castle cathedral city coast county desert district forest
    island islands isles kingdom lake mountain mountains ocean palace park peninsula province republic
    river sea square stadium state states strait street territory tower town valley village
    """.split()
)
GROUP_WORDS = frozenset(
    """
    academy administration agency airlines alliance army association authority bank board brothers bureau
    cabinet church club college commission committee company congress corp corporation council court
    department federation force forces foundation front fund government group guard hospital house inc
    institute laboratories league ltd ministry movement museum nations navy office organisation
    organization parliament party police press school senate service society studios team times treasury
    union university
    """.split()
)
FEMALE_TITLES = frozenset(
    "mrs ms miss madam lady queen princess duchess empress sister dame baroness".split()
)
MALE_TITLES = frozenset("mr sir lord king prince duke emperor pope brother baron father".split())
TITLES = (
    FEMALE_TITLES
    | MALE_TITLES
    | frozenset(
        """
        dr prof professor president premier chancellor minister senator sen rep congressman congresswoman
        governor gov mayor judge justice general gen colonel col captain capt major lieutenant lt sergeant
        sgt admiral saint st secretary chairman chairwoman director ambassador detective officer rev
        reverend bishop cardinal coach ceo spokesman spokeswoman spokesperson
        """.split()
    )
)
