keywords-plans = योजनाएं | प्लान | सदस्यता
