"""Given names and surnames that are common in the United States, English and Spanish, without accents, in lower case.

Put together by hand for this purpose, with names that families from Africa, the Arab world, China, India, Korea, the
Philippines, Vietnam and the Slavic countries often give. A list finds most columns of names, since a column is judged
by the share of its values that match; it does not find every name. Names that are also everyday words (Grace, May,
Hill, Brown as a colour) are in: alone they never match, for a name needs two.
"""

GIVEN_NAMES = """
aaron abigail abraham adam adrian adriana agnes aidan alan albert alberto alejandra alejandro alex alexander alexandra
alexis alfonso alfred alfredo alice alicia allen allison alma alvaro alyssa amanda amber amelia amy ana andre andrea
andres andrew angel angela angelica angelina anita ann anna anne annette annie anthony antonia antonio april ariana
ariel arlene armando arnold arthur arturo ashley aubrey audrey austin ava barbara barry beatrice beatriz ben benjamin
bernadette bernard bernice beth betty beverly bill billy blanca bob bobby bonnie brad bradley brandon brandy brenda
brian brianna bridget brittany bruce bryan caleb calvin cameron camila candace carl carla carlos carmen carol carolina
caroline carolyn carrie casey cassandra catalina catherine cathy cecilia cesar chad charlene charles charlie charlotte
chelsea cheryl chester chloe chris christian christina christine christopher cindy claire clara clarence claudia
clayton clifford clyde cody colin colleen connie connor consuelo corey courtney craig cristian cristina crystal curtis
cynthia daisy dale dan dana daniel daniela danielle danny darlene darren darryl dave david dawn dean deanna deborah
debra delores denise dennis derek derrick desiree diana diane diego dolores dominic don donald donna dora doris
dorothy douglas duane dustin dwayne dwight dylan earl eddie edgar edith edna eduardo edward edwin eileen elaine
eleanor elena eli elias elijah elisa elizabeth ella ellen emilia emiliano emilio emily emma enrique eric erica erik
erika erin ernest ernesto esperanza esteban esther ethan eugene eva evan evelyn faith fatima felicia felipe felix
fernanda fernando florence frances francesca francis francisca francisco frank franklin fred freddie frederick gabriel
gabriela gabriella gail garrett gary gavin gene george gerald geraldine gerard gerardo gilbert gilberto gina ginger
gladys glen glenn gloria gonzalo gordon grace graciela graham grant greg gregory greta guadalupe guillermo gustavo guy
hailey hannah harold harriet harry harvey hazel heather hector heidi helen henry herbert herman hilda holly hope
howard hugo hunter ian ida ignacio inez ingrid irene iris irma isaac isabel isabella isaiah ismael israel ivan jack
jackie jackson jacob jacqueline jaime jake james jamie jan jane janet janice jared jasmine jason javier jay jean
jeanette jeff jeffery jeffrey jenna jennifer jenny jeremiah jeremy jermaine jerome jerry jesse jessica jesus jill jim
jimmy jo joan joann joanna joanne joaquin jodi joe joel john johnny jon jonathan jordan jorge jose josefina joseph
josephine joshua josue joy joyce juan juana juanita judith judy julia julian juliana julie julio june justin kaitlyn
karen karina karl karla kate katelyn katherine kathleen kathryn kathy katie katrina kayla keith kelly kelsey ken
kendra kenneth kent kevin kim kimberly kirk kristen kristin kristina kristy kurt kyle lance larry latoya laura lauren
laurie lawrence leah lee leo leon leonard leonardo leroy leslie lester leticia lewis liam lillian lillie linda lindsay
lindsey lisa lloyd logan lois lola lonnie loretta lori lorraine louis louise lucas lucia luciana lucille lucy luis
luisa luke luz lydia lynn mabel mackenzie madeline madison malik manuel marc marcela marcia marco marcos marcus
margaret margarita maria mariah mariana marianne marie marilyn mario marion marisol marissa marjorie mark marlene
marsha marshall marta martha martin marvin mary mateo matthew mattie maureen maurice max maxine maya megan melanie
melinda melissa melvin mercedes mia micaela michael micheal michele michelle miguel mike mildred milton minnie miranda
miriam misty mitchell molly monica monique morgan muriel mustafa muhammad mohammed myrtle nancy naomi natalia natalie
natasha nathan nathaniel neil nellie nelson nicholas nick nicolas nicole nina noah noemi nora norma norman octavio
oliver olivia omar orlando oscar owen pablo paige pamela paola pat patricia patricio patrick paul paula pauline pedro
peggy penny perry peter phil philip phillip phyllis pilar preston priscilla rachel rafael ralph ramiro ramon ramona
randall randy raquel raul ray raymond rebecca regina reginald rene renee reynaldo rhonda ricardo richard rick ricky
rita robert roberta roberto robin rocio rodney rodolfo rodrigo roger roland rolando roman ron ronald ronnie rosa
rosario rose rosemary roxanne roy ruben ruby rudy russell ruth ryan sabrina sally salvador sam samantha samuel sandra
santiago santos sara sarah savannah scott sean sebastian sergio seth shane shannon sharon shawn sheila shelby shelly
sherri sherry shirley silvia simon sofia sonia sophia sophie stacey stacy stanley stella stephanie stephen steve
steven stuart sue susan susana suzanne sydney sylvia tamara tammy tanya tara tatiana taylor ted teresa terrance
terrence terri terry thelma theodore theresa thomas tiffany tim timothy tina todd tom tomas tommy toni tony tonya
tracey tracy travis trevor trinidad troy tyler tyrone valentina valeria valerie vanessa vera vernon veronica vicente
vicki victor victoria vincent viola violet virginia vivian wade wallace walter wanda warren wayne wendy wesley whitney
wilbur willard willie william wilma xavier ximena yesenia yolanda yvette yvonne zachary zoe aaliyah abdul abdullah
adaeze ade adebayo ahmad ahmed aisha akira aleksandr alexei ali aliyah amani amara amina amir amit ananya anastasia
anh anil anjali ansel anwar arjun asha ashok ayesha aziz babak bao bashir bilal binh boris bogdan chi chidi chinedu
chioma chukwu cuong darius darya deepak demetrius deshawn devi dinesh divya dmitri dung ekaterina elif emeka emmanuel
farah farid faisal fatemeh fatou feng folake galina ganesh giang hamid hana hao hasan hassan hiroshi hoa hong huan hui
hung hussein ibrahim idris ifeoma igor imani indira ioana irina ivana jafar jamal jamila jerzy jin jing jin-ho jiang
kamal kamala karim katarina kateryna kavita kenji keisha khadija khalid kiran kofi krishna krzysztof kumar kwame
lakshmi lamar lan laila latisha layla leila li ling linh ludmila lyudmila mahmoud mai maksim malgorzata mamadou manish
manoj marek mariam marija mateusz mehmet mei mikhail milan min ming minh moamen mohamed mohammad mohan mona nadia
nadine naoki naveen neha ngoc nia nikhil nikolai nikita nilesh nisha noor nur obinna oksana olena olga oleg oluwaseun
padma parvati pavel petra phuong piotr pooja prakash pranav prasad precious priya quan quang qing radha rahim rahul
raj rajesh raju ramesh rana rania rashad rashid ravi reza ritu rohan rohit sadia said salma sameer samir sandeep
sanjay sarita sergei shanice shaniqua shankar shanti shreya siddharth sita soo-jin sunil sunita suresh svetlana syed
tadeusz takashi tamika tanisha tariq tatyana thanh thao thi thu thuy tomasz trang trinh trung tuan tyrell uchenna usha
vijay vikram vladimir volodymyr wei xiao xin yan yang yasmin yasmine yelena ying yoko yosef youssef yuki yuri yusuf
zahra zainab zeynep zhen
"""

SURNAMES = """
abbott acevedo acosta adams adkins aguilar aguirre ahmed alexander ali allen allison alvarado alvarez anderson andrews
aquino arias armstrong arnold arroyo atkins austin avila ayala bailey baker baldwin ball ballard banks barajas barber
barker barnes barnett barrera barrett barrios barron bass bates bauer bautista becker beck bell beltran benitez
bennett benson bernal berry bishop black blair blake blanco blevins bond booth bowen bowers bowman boyd bradford
bradley brady bravo brennan brewer briggs brock brooks brown bruce bryan bryant buchanan buck burgess burke burnett
burns burton bush butler byrd cabrera calderon caldwell callahan camacho cameron campbell campos cannon cantu cardenas
carey carlson carpenter carr carrillo carroll carson carter casey castaneda castillo castro cervantes chambers chan
chandler chang chapman chavez chen cherry cho choi christensen chung cisneros clark clarke clay clayton cline cobb
cochran cohen cole coleman collier collins colon combs conley conner conrad contreras conway cook cooper cordova
corona correa cortes cortez costa cox craig crawford cross cruz cuevas cummings cunningham curry curtis dalton daniel
daniels daugherty davenport davidson davies davila davis dawson day dean decker delacruz delarosa deleon delgado
dennis diaz dickerson dickson dillon dixon dominguez donovan dorsey dougherty douglas downs doyle drake duarte dudley
duffy duke duncan dunn duran dyer eaton edwards elliott ellis ellison english erickson escobar esparza espinosa
espinoza esquivel estes estrada evans everett farmer farrell faulkner ferguson fernandez ferrell fields figueroa
fischer fisher fitzgerald fitzpatrick fleming fletcher flores flowers floyd flynn foley fong ford foster fowler fox
francis franco frank franklin frazier frederick freeman french frost fry frye fuentes fuller galindo gallagher
gallegos galvan gamble garcia gardner garner garrett garrison garza gates gay gentry george gibbs gibson gilbert giles
gill gillespie gilmore glass glenn glover goldberg gomez gonzales gonzalez good goodman goodwin gordon graham grant
graves gray green greene greer gregory griffin griffith grimes gross guerra guerrero guevara gutierrez guzman hahn
hale hall hamilton hammond hampton hancock hansen hanson hardin harding hardy harmon harper harrell harrington harris
harrison hart hartman harvey hatfield hawkins hayden hayes haynes heath hebert henderson hendricks hendrix henry
hensley henson herman hernandez herrera herring hess hester hickman hicks higgins hill hines hinton ho hobbs hodge
hodges hoffman hogan holden holder holland holloway holmes holt hood hooper hoover hopkins horn horne horton house
houston howard howe howell huang hubbard huber hudson huerta huff huffman hughes hull humphrey hunt hunter hurley hurst
hussain hutchinson ibarra ingram irwin jackson jacobs jacobson james jarvis jefferson jenkins jennings jensen jimenez
johns johnson johnston jones jordan joseph joyce juarez kane kaur keith keller kelley kelly kemp kennedy kent kerr khan
kim king kirby kirk klein kline knapp knight knox koch kramer krueger lam lamb lambert landry lane lang lara larsen
larson lawrence lawson le leach leal leblanc lee leon leonard lester levine levy lewis li lin lindsey little liu
livingston lloyd logan long lopez love lowe lowery lozano lucas lucero lugo luna luong lynch lynn lyons macdonald
macias mack madden maddox maldonado malone mann manning marin marks marquez marsh marshall martin martinez mason massey
mathews mathis matthews maxwell may mayer maynard mayo mays mccann mccarthy mccarty mcclain mcclure mcconnell mccormick
mccoy mccullough mcdaniel mcdonald mcdowell mcfarland mcgee mcgrath mcguire mcintosh mcintyre mckay mckee mckenzie
mckinney mcknight mclaughlin mclean mcmahon mcmillan mcneil mcpherson meadows medina medrano mejia melendez melton
mendez mendoza mercado mercer merritt meyer meyers meza michael middleton miles miller mills miranda mitchell
mohamed molina monroe montes montgomery montoya moody moon moore mora morales moran moreno morgan morris morrison
morrow morse morton moses mosley moss mueller mullen mullins munoz murillo murphy murray myers nash nava navarro neal
nelson newman newton nguyen nichols nicholson nielsen nixon noble nolan norman norris norton novak nunez obrien ochoa
oconnell oconnor odonnell oliver olsen olson oneal oneill orozco orr ortega ortiz osborn osborne owen owens pace
pacheco padilla page palacios palmer park parker parks parra parrish parsons patel patrick patterson patton paul payne
pearson peck pena pennington peralta perez perkins perry person peters petersen peterson petty pham phan phelps
phillips pierce pineda pitts pollard ponce poole pope porter portillo potter potts powell powers pratt preston price
prince proctor pruitt pugh quinn quintana quintero ramirez ramos ramsey randall randolph rangel rasmussen ray raymond
reed reese reeves reid reilly rendon reyes reyna reynolds rhodes rice rich richard richards richardson richmond riley
rios ritter rivas rivera rivers roach robbins roberson roberts robertson robinson robles rocha rodgers rodriguez rogers
rojas roman romero rosales rosario rosas rose rosenberg ross roth rowe rowland roy rubio ruiz rush russell russo ryan
saenz salas salazar salgado salinas sampson sanchez sanders sandoval sanford santana santiago santos saunders savage
sawyer schaefer schmidt schmitt schneider schroeder schultz schwartz scott sellers serrano sexton shaffer shah shannon
sharp shaw shelton shepard shepherd sheppard sherman shields short silva simmons simon simpson sims singh singleton
skinner sloan small smith snow snyder solis solomon sosa soto sparks spears spence spencer stafford stanley stanton
stark steele stein stephens stephenson stevens stevenson stewart stokes stone stout strickland strong stuart suarez
sullivan summers sutton swanson sweeney sweet tanner tapia tate taylor terrell terry thomas thompson thornton todd
torres townsend tran trejo trevino trujillo truong tucker turner tyler underwood valdez valencia valentine valenzuela
vance vang vargas vasquez vaughan vaughn vazquez vega velasco velasquez velazquez velez vera vu wade wagner walker wall
wallace waller walls walsh walter walters walton wang ward ware warner warren washington waters watkins watson watts
weaver webb weber webster weeks weiss welch wells west wheeler whitaker white whitehead whitney wiggins wilcox wiley
wilkerson wilkins wilkinson williams williamson willis wilson winters wise wolf wolfe wong wood woodard woods woodward
wright wu wyatt xiong yang yates yoder york young yu zamora zavala zhang zimmerman zuniga
"""
