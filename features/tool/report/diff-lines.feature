Feature: Lines of a diff are compared by their meaning
  Mail programs, backports and renamed folders change a diff. Such changes are removed before lines are compared.

  Rule: Whitespace and other details that do not matter are ignored in the comparison

    Scenario: A line is normalised before it is compared
      Then normalised gives
        | of                               | gives |
        | ["\\tint a = b;"]                | inta=b; |
        | ["a &lt; b &amp;&amp; c &gt; d"] | a<b&&c>d |
        | ["x(); /* why */ y();"]          | x();y(); |
        | ["x(&quot;a&quot;, &#39;b&#39;)"] | x("a",'b') |
        | ["x(); // why"]                  | x(); |
        | ["#define X \\\\"]               | #defineX |
        | [""]                             | "" |
        | ["   "]                          | "" |
        | ["a\\\\b"]                       | a\\b |

    Scenario: A line that occurs everywhere, such as else, is not characteristic of its patch
      Then isTelling gives
        | of             | gives |
        | ["else"]       | false |
        | ["}else{"]     | false |
        | ["#endif"]     | false |
        | ["return;"]    | false |
        | ["returnret;"] | false |
        | ["inti;"]      | false |
        | ["{"]          | false |
        | ["}"]          | false |
        | ["x"]          | true |
        | ["return1;"]   | true |
        | ["+++"]        | false |
        | ["intj;"]      | true |
        | ["break;"]     | false |
        | ["return0;"]   | false |
        | ["}else"]      | false |
        | ["else{"]      | false |
        | ["#else"]      | false |

    Scenario: A line that is only a comment is recognised
      Then isComment gives
        | of                 | gives |
        | ["/* why"]         | true |
        | ["/* why */"]      | true |
        | ["/* why */ x();"] | false |
        | [" * why"]         | true |
        | ["*why"]           | false |
        | ["*/"]             | true |
        | ["*"]              | true |
        | ["x(); /* why"]    | false |
        | ["\\t*/"]          | true |
        | ["\\t * x"]        | true |

    Scenario: Lines that differ have different digests
      Then digestOf gives
        | of        | gives |
        | [""]      | 811c9dc5 |
        | ["a"]     | e40c292c |
        | ["ab"]    | 4d2505ca |
        | ["ba"]    | 3c2ba6cc |
        | ["inti;"] | 025921ea |

  Rule: A file is the same under all the names that it has had

    Scenario: A path is reduced to the file's present name and its width in bits
      Then treeFile gives
        | of                                          | gives |
        | ["arch/i386/kernel/vmi.c"]                  | {"name":"x86/kernel/vmi.c","width":"32"} |
        | ["a/arch/x86/kernel/vmi_32.c"]              | {"name":"x86/kernel/vmi.c","width":"32"} |
        | ["linux-2.6/arch/x86/kernel/vmi_32.c.orig"] | {"name":"x86/kernel/vmi.c","width":"32"} |
        | ["include/asm-i386/tlbflush.h"]             | {"name":"asm/tlbflush.h","width":"32"} |
        | ["include/asm-x86_64/tlbflush.h"]           | {"name":"asm/tlbflush.h","width":"64"} |
        | ["arch/x86/include/asm/tlbflush.h"]         | {"name":"asm/tlbflush.h","width":null} |
        | ["include/asm-generic/pgtable.h"]           | {"name":"asm/pgtable.h","width":null} |
        | ["arch/x86_64/mm/fault.c"]                  | {"name":"x86/mm/fault.c","width":"64"} |
        | ["arch/x86/mm/fault_64.c"]                  | {"name":"x86/mm/fault.c","width":"64"} |
        | ["/home/lib/kernel/linux/arch/i386/mm/x.c"] | {"name":"x86/mm/x.c","width":"32"} |
        | ["linux-2.6.21-mm/mm/memory.c"]             | {"name":"mm/memory.c","width":null} |
        | ["mm/Kconfig"]                              | {"name":"mm/Kconfig","width":null} |
        | ["\\"a/mm/memory.c\\""]                     | {"name":"mm/memory.c","width":null} |
        | ["include/linux/mm.h"]                      | {"name":"include/linux/mm.h","width":null} |
        | ["fs/exec.c"]                               | {"name":"fs/exec.c","width":null} |
        | ["drivers/x.c"]                             | {"name":"drivers/x.c","width":null} |
        | ["lib/x.c"]                                 | {"name":"lib/x.c","width":null} |
        | ["init/main.c"]                             | {"name":"init/main.c","width":null} |
        | ["kernel/sched.c"]                          | {"name":"kernel/sched.c","width":null} |
        | ["arch/x86/kernel/entry_32.S"]              | {"name":"x86/kernel/entry.S","width":"32"} |
        | ["arch/x86/kernel/entry_32.c~"]             | {"name":"x86/kernel/entry_32.c~","width":null} |

    Scenario: Two paths can mean one file if they are its old and its new name
      Then isSameFile gives
        | of                                                    | gives |
        | ["arch/i386/kernel/vmi.c","arch/x86/kernel/vmi_32.c"] | true |
        | ["arch/i386/kernel/vmi.c","arch/x86/kernel/vmi_64.c"] | false |
        | ["arch/i386/kernel/vmi.c","arch/x86/kernel/vmi.c"]    | true |
        | ["arch/x86/kernel/vmi_64.c","arch/x86/kernel/vmi.c"]  | true |
        | ["arch/i386/kernel/vmi.c","arch/i386/kernel/vmj.c"]   | false |
        | ["include/asm-i386/a.h","arch/x86/include/asm/a.h"]   | true |
        | ["arch/x86_64/mm/fault.c","arch/x86/mm/fault_64.c"]   | true |
        | ["mm/fault.c","arch/i386/mm/fault.c"]                 | true |
        | ["default.c","arch/i386/mm/fault.c"]                  | false |

  Rule: A diff is found in whatever surrounds it

    Scenario: A diff is read as files, sections and lines
      Then diff gives
        | of                                                                     | gives |
        | ["no diff"]                                                            | [] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1,2 +1,3 @@ f()\\n a1;\\n+b1;\\n c1;\\nafter1;\\n"] | [[["x.c","f()","4  a1;","5 +b1;","6  c1;","7?  after1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1 +1 @@\\n-a1;\\n+b1;\\n@@ -9 +9 @@ g(\\n-c1;\\n+d1;\\n"] | [[["x.c","","4 -a1;","5 +b1;"],["x.c","g(","7 -c1;","8 +d1;"]]] |
        | ["--- a/x.c\\n+++ /dev/null\\n@@ -1 +0,0 @@\\n-a1;\\n"]                | [[["x.c","","4 -a1;"]]] |
        | ["--- /dev/null\\n+++ b/x.c\\n@@ -0,0 +1 @@\\n+a1;\\n"]                | [[["x.c","","4 +a1;"]]] |
        | ["--- a/dev/null\\n+++ b/x.c\\n@@ -0,0 +1 @@\\n+a1;\\n"]               | [[["x.c","","4 +a1;"]]] |
        | ["--- a/x.c\\n+++ b/dev/null\\n@@ -1 +0,0 @@\\n-a1;\\n"]               | [[["x.c","","4 -a1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1 +1 @@\\n+a1;\\n--- a/x.c\\n+++ b/x.c\\n@@ -1 +1 @@\\n+b1;\\n"] | [[["x.c","","4 +a1;"]],[["x.c","","8 +b1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1 +1 @@\\n+a1;\\n--- a/y.c\\n+++ b/y.c\\n@@ -1 +1 @@\\n+b1;\\n"] | [[["x.c","","4 +a1;"],["y.c","","8 +b1;"]]] |
        | ["> --- a/x.c\\n> +++ b/x.c\\n> @@ -1 +1 @@\\n> -a1;\\n> +b1;\\nnot b1\\n"] | [[["x.c","","4 -a1;","5 +b1;"]]] |
        | ["> +a1;\\n> -b1;\\ntext\\n"]                                          | [[["","","1? +a1;","2? -b1;"]]] |
        | [">> +a1;\\n> -b1;\\n"]                                                | [[["","","1? +a1;"],["","","2? -b1;"]]] |
        | ["+a1;\\n-b1;\\n"]                                                     | [] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1,1 +1,2 @@\\n+a1;\\n c1;\\n-- \\nme\\n-b1;\\n"] | [[["x.c","","4 +a1;","5  c1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1,9 +1,9 @@\\n+/* why\\n+ * so\\n+ */ a1;\\n+b1; /* and\\n+ more */\\n+c1;\\n"] | [[["x.c","","7 +b1;","9 +c1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1 +1 @@\\n+a1 =3D b1;=\\n\\n"]           | [[["x.c","","4 +a1=b1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1,9 +1,9 @@\\n+a1;\\n+else\\n+b1;\\n\\\\ No newline at end of file\\n+c1;\\n"] | [[["x.c","","4 +a1;","6 +b1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1 +1 @@\\n+a1;\\n\\n\\n\\n\\n\\n+b1;\\n"] | [[["x.c","","4 +a1;","10? +b1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1 +1 @@\\n+a1;\\n\\n\\n+b1;\\n"]         | [[["x.c","","4 +a1;","7? +b1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1,3 +1,4 @@\\n+a1;\\nIndex: y\\n+b1;\\n"] | [[["x.c","","4 +a1;"]]] |
        | ["--- a/x.c\\n+++ b/x.c\\n@@ -1,3 +1,4 @@\\n+a1;\\ndiff --git y\\n+b1;\\n"] | [[["x.c","","4 +a1;"]]] |
