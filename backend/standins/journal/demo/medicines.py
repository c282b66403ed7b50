"""Some substances that people use, by ATC code: enough to search in."""

MEDICINES = (
    ("A02BC01", "Omeprazol"), ("A02BC05", "Esomeprazol"), ("A10BA02", "Metformin"), ("A10BD08", "Metformin og vildagliptin"),
    ("A10AB05", "Insulin aspart"), ("A10AE04", "Insulin glargin"), ("A10AE06", "Insulin degludek"), ("A10BJ06", "Semaglutid"),
    ("A10BK01", "Dapagliflozin"), ("A10BK03", "Empagliflozin"), ("A11CC05", "Kolekalsiferol (vitamin D)"), ("A12AX", "Kalsium og vitamin D"),
    ("B01AA03", "Warfarin"), ("B01AC06", "Acetylsalisylsyre"), ("B01AF01", "Rivaroksaban"), ("B01AF02", "Apiksaban"),
    ("B03AA07", "Jern (jernsulfat)"), ("B03BA01", "Vitamin B12 (cyanokobalamin)"), ("B03BB01", "Folsyre"),
    ("C01DA14", "Isosorbidmononitrat"), ("C03CA01", "Furosemid"), ("C03CA02", "Bumetanid"), ("C03DA01", "Spironolakton"),
    ("C07AB02", "Metoprolol"), ("C07AB07", "Bisoprolol"), ("C08CA01", "Amlodipin"), ("C09AA02", "Enalapril"),
    ("C09CA01", "Losartan"), ("C09CA06", "Kandesartan"), ("C10AA01", "Simvastatin"), ("C10AA05", "Atorvastatin"),
    ("D07AC01", "Betametason krem"), ("D07AA02", "Hydrokortison krem"), ("G03AA07", "Levonorgestrel og etinyløstradiol"),
    ("G04CA02", "Tamsulosin"), ("H02AB06", "Prednisolon"), ("H03AA01", "Levotyroksin"), ("J01CE02", "Fenoksymetylpenicillin"),
    ("J01CA08", "Pivmecillinam"), ("M01AE01", "Ibuprofen"), ("M01AB05", "Diklofenak"), ("N02AJ06", "Kodein og paracetamol"),
    ("N02AX02", "Tramadol"), ("N02BE01", "Paracetamol"), ("N02CC01", "Sumatriptan"), ("N03AX16", "Pregabalin"),
    ("N05BA04", "Oksazepam"), ("N05CF01", "Zopiklon"), ("N05CH01", "Melatonin"), ("N06AB10", "Escitalopram"),
    ("N06AB06", "Sertralin"), ("N06DA02", "Donepezil"), ("N06BA04", "Metylfenidat"), ("R01AD09", "Mometason nesespray"),
    ("R03AC02", "Salbutamol inhalasjon"), ("R03AK07", "Budesonid og formoterol inhalasjon"), ("R03BA02", "Budesonid inhalasjon"),
    ("R03DC03", "Montelukast"), ("R06AE07", "Cetirizin"), ("R06AX13", "Loratadin"), ("S01GX08", "Ketotifen øyedråper"),
)  # fmt: skip
